import CVisionKernels
public import VisionCompute
import VisionGraph

/// The number format of the factors in a plan's convolutions and dense layers.
public enum ComputePrecision: String, Sendable, Hashable, CaseIterable {
  /// float32 throughout: the default.
  case float32
  /// Both factors are rounded to bfloat16 (eight significant bits), and the products are summed in float32.
  /// Residuals are rounded too. Values between such layers are stored as bfloat16, in half the memory.
  ///
  /// Where bfloat16 instructions are twice as fast (AVX512_BF16 of AMD's Zen 4 and 5), weights also take half
  /// the memory. Elsewhere the rounded numbers are multiplied as float32, which takes a little longer than
  /// `float32`. The results are the same. Convolutions that Winograd's F(4×4, 3×3) computes faster, depthwise
  /// convolutions and all other operators stay float32.
  ///
  /// Processors with AMX multiply bfloat16 eight times as fast as floats, in an order of their own: there all convolutions but
  /// depthwise ones are rounded, and results differ from those of other processors in their last bits.
  case bfloat16 = "bf16"

  /// Whether the kernels of an instruction set have fast instructions for this precision on this machine.
  public func isFast(on instructionSet: InstructionSet) -> Bool {
    switch self {
    case .float32: true
    case .bfloat16: instructionSet.kernels.map { vn_has_bfloat16($0) } ?? false
    }
  }

  /// The passes to apply after those that every plan's graph goes through.
  func passes(_ kernels: OpaquePointer?, _ algorithm: ConvolutionAlgorithm) -> [any Pass] {
    guard self == .bfloat16, let kernels else { return [] }
    // The pointer leads to constant memory.
    nonisolated(unsafe) let table = kernels
    return [
      BFloat16Operands { graph, node in BFloat16ConvKernel.pays(node, in: graph, table, algorithm) }
    ]
  }
}
