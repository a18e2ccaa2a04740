/// What one step of a plan does, and how.
public struct PlanStep: Sendable, Hashable {
  /// The node's path.
  public let name: String
  public let operatorName: String
  /// The ONNX operators that the step does at once, such as Conv, BatchNormalization and Relu.
  public let parts: [String]
  /// The kernel that runs it.
  public let kernelName: String
  /// How the kernel goes about it, such as `direct (implicit im2col)`; empty where its name says it all.
  public let algorithm: String
  /// The numbers that it works with, such as `tiles of 14 × 32, sums of 576, 56 items`.
  public let details: String
  /// Why this algorithm and no other; empty where there is one only.
  public let reason: String
  /// What it reads at run time; weights in the kernel's own order are not among it.
  public let operands: [PlanValue]
  public let results: [PlanValue]
  /// Whether the first result overwrites the first operand.
  public let isInPlace: Bool
  /// Bytes of weights and constants in the kernel's own order.
  public let weightByteCount: Int
  /// Floating-point operations.
  public let flops: Int
  /// Whether it runs on the slow reference.
  public let isReference: Bool

  /// Bytes that the step must read and write at least: operands, weights and results, each once.
  public var byteCount: Int {
    weightByteCount + operands.reduce(0) { $0 + $1.byteCount } + results.reduce(0) { $0 + $1.byteCount }
  }
}
