package import VisionGraph
import VisionTensor

/// How a value's elements lie in memory.
package enum Layout: Sendable, Hashable {
  /// As the shape says, innermost axis contiguous.
  case rowMajor
  /// N×C×H×W stored as N×H×W×C; only for four axes.
  case channelsLast
  /// Weights O×C/G×KH×KW of a convolution in G groups, packed for the kernels of the instruction set.
  case filters(groups: Int)
}

/// One step of a plan: a node's computation with everything that is known beforehand worked out.
package protocol Kernel: Sendable {
  /// Floats of scratch memory for that many threads.
  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int
  /// Computes the outputs; must not allocate, unless it is the reference.
  func run(_ context: borrowing KernelContext) throws(EvaluationError)
  /// How the step is computed, for reports.
  func explanation(kernels: OpaquePointer) -> KernelExplanation
}

extension Kernel {
  package func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int { 0 }
  package func explanation(kernels: OpaquePointer) -> KernelExplanation { KernelExplanation() }
}

/// The memory of one step of one run.
package struct KernelContext: ~Copyable {
  /// Operands first, in the order of the choice's `operands`, then the outputs.
  let pointers: UnsafePointer<UnsafeMutableRawPointer>
  let scratch: UnsafeMutablePointer<Float>
  /// The kernel table of the instruction set.
  let kernels: OpaquePointer
  let pool: OpaquePointer?

  func floats(_ index: Int) -> UnsafeMutablePointer<Float> {
    pointers[index].assumingMemoryBound(to: Float.self)
  }
}

/// What a kernel maker decides for one node.
package struct KernelChoice {
  /// The computation; nil when the output is the first operand's memory under another shape.
  var kernel: (any Kernel)?
  /// The node inputs that the kernel reads at run time, and the layout it wants each in.
  var operands: [(input: Int, layout: Layout)]
  /// The layout of every output.
  var outputLayout: Layout
  /// That of the outputs behind the first, where it is another.
  var laterLayout: Layout?
  /// Whether output 0 may overwrite operand 0, which has the same size, when nobody reads that later.
  var worksInPlace = false
  /// What the report calls the kernel.
  var name: String
  /// Whether this is the operator's reference.
  var isReference = false

  func layout(ofOutput index: Int) -> Layout { index == 0 ? outputLayout : laterLayout ?? outputLayout }

  static func view(layout: Layout, as output: Layout, name: String) -> KernelChoice {
    KernelChoice(kernel: nil, operands: [(0, layout)], outputLayout: output, name: name)
  }
}

/// What a kernel maker knows of its node.
package struct NodeContext {
  let node: Graph.Node
  /// Facts of the inputs and outputs with every shape bound.
  let inputs: [Fact?]
  let outputs: [Fact]
  /// The layouts that the inputs are in now; absent inputs and packed weights count as row-major.
  let layouts: [Layout]
  /// The inputs that do not change between runs: constants and frozen weights.
  let frozen: [Tensor?]
  /// The weights of a convolution into which a BatchNormalization is yet to be folded, instead of `frozen[1]`.
  var foldedFilters: FrozenFilters?
  /// The kernel table of the instruction set.
  let kernels: OpaquePointer
  let weights: WeightStore
  let convolutions: ConvolutionAlgorithm
  /// What a convolution does of the normalizations beside it.
  var normalized: NormalizedConvolutions.Part?
  /// What a normalization leaves to the convolutions beside it.
  var leaves = NormalizationSharing()
  /// Floats from pixel to pixel of output 0 where these are not its channels; only for convolutions.
  var outputPitch: Int?
  /// Likewise of what a convolution reads, and of its residual.
  var inputPitch: Int?
  var residualPitch: Int?
  /// Which of a convolution's images are stored as bfloat16.
  var stored = BFloat16Storage.Of()

  /// The weights of a convolution, if they do not change.
  var filters: FrozenFilters? {
    foldedFilters ?? frozen[1].map { FrozenFilters(weights: $0, factors: nil) }
  }

  func isAbsent(_ input: Int) -> Bool { input >= inputs.count || inputs[input] == nil }

  /// Every input, all in row-major order.
  func allRowMajor() -> [(input: Int, layout: Layout)] {
    inputs.indices.filter { inputs[$0] != nil }.map { ($0, .rowMajor) }
  }
}

/// The extents N, C, H, W of an image-like value.
typealias ImageExtents = (n: Int, c: Int, h: Int, w: Int)

extension Fact {
  /// The extents of an image-like value, or nil.
  var image: ImageExtents? {
    guard type == .float32, shape.rank == 4 else { return nil }
    return (shape[0], shape[1], shape[2], shape[3])
  }
}
