/// A description of one step of a plan.
public struct PlanStep: Sendable, Hashable {
  /// The node's path.
  public let name: String
  public let operatorName: String
  /// The ONNX operators that the step does at once, such as Conv, BatchNormalization and Relu.
  public let parts: [String]
  /// The kernel that runs it.
  public let kernelName: String
  /// The kernel's algorithm, such as `direct (implicit im2col)`; empty where the kernel's name says it all.
  public let algorithm: String
  /// Tile sizes and counts, such as `tiles of 14 × 32, sums of 576, 56 items`.
  public let details: String
  /// Why this algorithm was chosen; empty where there is only one.
  public let reason: String
  /// The values that it reads at run time, without weights in the kernel's own order.
  public let operands: [PlanValue]
  public let results: [PlanValue]
  /// Whether the first result overwrites the first operand.
  public let isInPlace: Bool
  /// Bytes of weights and constants in the kernel's own order.
  public let weightByteCount: Int
  /// Floating-point operations.
  public let flops: Int
  /// Whether the slow reference operator computes it.
  public let isReference: Bool

  /// The least number of bytes that the step must read and write: operands, weights and results, each once.
  public var byteCount: Int {
    weightByteCount + operands.reduce(0) { $0 + $1.byteCount } + results.reduce(0) { $0 + $1.byteCount }
  }
}
