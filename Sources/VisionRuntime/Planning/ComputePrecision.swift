import CVisionKernels
public import VisionCompute
import VisionGraph

/// What a plan's convolutions and dense layers multiply.
public enum ComputePrecision: String, Sendable, Hashable, CaseIterable {
  /// float32 throughout: the default.
  case float32
  /// Both factors are rounded to bfloat16, eight significant bits, and the products summed as float32; so are residuals, and
  /// what lies between such layers is stored in half the memory.
  ///
  /// Where instructions for it multiply twice as fast (AVX512_BF16 of AMD's Zen 4 and 5), weights take half of the memory, too;
  /// elsewhere floats multiply what was rounded, and it takes a little longer than float32. The results are the same.
  /// Convolutions that Winograd's F(4×4, 3×3) computes faster, depthwise ones and everything else stay float32.
  case bfloat16 = "bf16"

  /// Whether this machine has instructions that are fast at it, with the kernels of an instruction set.
  public func isFast(on instructionSet: InstructionSet) -> Bool {
    switch self {
    case .float32: true
    case .bfloat16: instructionSet.kernels.map { vn_has_bfloat16($0) } ?? false
    }
  }

  /// The passes that come after those that every plan's graph goes through.
  func passes(_ kernels: OpaquePointer?, _ algorithm: ConvolutionAlgorithm) -> [any Pass] {
    guard self == .bfloat16, let kernels else { return [] }
    // It points to functions in constant memory.
    nonisolated(unsafe) let table = kernels
    return [
      BFloat16Operands { graph, node in BFloat16ConvKernel.pays(node, in: graph, table, algorithm) }
    ]
  }
}
