import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// A row-major tensor viewed as outer × count × inner, where `count` covers one axis or several successive
/// axes.
struct AxisView: Sendable {
  let outer: Int
  let count: Int
  let inner: Int

  init(outer: Int, count: Int, inner: Int) {
    (self.outer, self.count, self.inner) = (outer, count, inner)
  }

  init(_ shape: Shape, from first: Int, through last: Int) {
    outer = shape.dimensions[..<first].reduce(1, *)
    count = shape.dimensions[first...last].reduce(1, *)
    inner = shape.dimensions[(last + 1)...].reduce(1, *)
  }
}

/// Softmax or its logarithm along one axis.
struct SoftmaxKernel: Kernel {
  private let view: AxisView
  private let isLogarithm: Bool

  static func choose(_ op: some SoftmaxLike, _ context: NodeContext, isLogarithm: Bool) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, x.shape.rank > 0, x.shape.elementCount > 0 else {
      return nil
    }
    let axis = op.axis < 0 ? op.axis + x.shape.rank : op.axis
    let kernel = SoftmaxKernel(
      view: AxisView(x.shape, from: axis, through: axis), isLogarithm: isLogarithm)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor)], outputLayout: .rowMajor, worksInPlace: true, name: "softmax"
    )
  }

  func run(_ context: borrowing KernelContext) {
    let (x, y) = (context.floats(0), context.floats(1))
    if isLogarithm {
      vn_log_softmax(context.kernels, view.outer, view.count, view.inner, x, y, context.pool)
    } else {
      vn_softmax(context.kernels, view.outer, view.count, view.inner, x, y, context.pool)
    }
  }
}

/// Sums, means and extremes along neighboring axes.
struct ReduceKernel: Kernel {
  private let view: AxisView
  private let reduction: vn_reduction

  static func choose(_ reduction: vn_reduction, _ op: some Reduction, _ context: NodeContext)
    -> KernelChoice?
  {
    guard let x = context.inputs[0], x.type == .float32, x.shape.elementCount > 0,
      let axes = try? op.reducedAxes(context.inputs)
    else { return nil }
    if let image = x.image, axes == [2, 3], context.layouts[0] == .channelsLast,
      reduction == VN_MEAN || reduction == VN_REDUCE_MAX
    {
      return GlobalPoolKernel.choice(image, isMaximum: reduction == VN_REDUCE_MAX)
    }
    guard let (view, layout) = view(of: x, over: axes, context.layouts[0]) else { return nil }
    // Without a spatial axis or without a channel, both layouts have the same bytes.
    return KernelChoice(
      kernel: ReduceKernel(view: view, reduction: reduction), operands: [(0, layout)],
      outputLayout: .rowMajor, name: "reduce")
  }

  /// The reduced axes as one, and the layout in which they are that; nil if they are not neighbors in any.
  private static func view(of x: Fact, over axes: [Int], _ layout: Layout) -> (AxisView, Layout)? {
    if layout == .channelsLast, let image = x.image {
      let pixels = image.h * image.w
      switch axes {
      case [1]: return (AxisView(outer: image.n * pixels, count: image.c, inner: 1), layout)
      case [2, 3]: return (AxisView(outer: image.n, count: pixels, inner: image.c), layout)
      case [0, 2, 3]: return (AxisView(outer: 1, count: image.n * pixels, inner: image.c), layout)
      default: break
      }
    }
    guard let first = axes.first, let last = axes.last, last - first + 1 == axes.count else { return nil }
    return (AxisView(x.shape, from: first, through: last), .rowMajor)
  }

  func run(_ context: borrowing KernelContext) {
    vn_reduce(
      context.kernels, reduction, view.outer, view.count, view.inner, context.floats(0), context.floats(1),
      context.pool)
  }
}

/// Layer normalization over the innermost axes. A scale and a bias that do not change are the kernel's own.
struct LayerNormKernel: Kernel {
  private let rows: Int
  private let columns: Int
  private let epsilon: Float
  /// Nil for what is read at each run.
  private let scale: Tensor?
  private let bias: Tensor?
  /// Where scale and bias that are read at each run are among the pointers, and the result.
  private let places: (scale: Int?, bias: Int?, output: Int)

  static func choose(_ op: LayerNormalization, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, x.shape.elementCount > 0, context.outputs.count == 1
    else { return nil }
    let axis = op.axis < 0 ? op.axis + x.shape.rank : op.axis
    let columns = x.shape.dimensions[axis...].reduce(1, *)
    // A scale with as many elements but other extents is broadcast differently.
    let extents = Array(x.shape.dimensions[axis...])
    func spansRow(_ fact: Fact?) -> Bool {
      fact.map {
        $0.shape.elementCount == columns && Array($0.shape.dimensions.suffix(extents.count)) == extents
      } ?? false
    }
    guard spansRow(context.inputs[1]), context.isAbsent(2) || spansRow(context.inputs[2]) else { return nil }
    var operands: [(input: Int, layout: Layout)] = [(0, .rowMajor)]
    func read(_ input: Int) -> (tensor: Tensor?, place: Int?) {
      if context.isAbsent(input) { return (nil, nil) }
      if let tensor = context.frozen[input] { return (tensor.aligned, nil) }
      operands.append((input, .rowMajor))
      return (nil, operands.count - 1)
    }
    let (scale, bias) = (read(1), read(2))
    let kernel = LayerNormKernel(
      rows: x.shape.elementCount / columns, columns: columns, epsilon: op.epsilon, scale: scale.tensor,
      bias: bias.tensor, places: (scale.place, bias.place, operands.count))
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: .rowMajor, worksInPlace: true, name: "layer norm")
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(heldBytes: ((scale?.elementCount ?? 0) + (bias?.elementCount ?? 0)) * 4)
  }

  func run(_ context: borrowing KernelContext) {
    let scale = scale?.baseFloats ?? places.scale.map { UnsafePointer(context.floats($0)) }
    let bias = bias?.baseFloats ?? places.bias.map { UnsafePointer(context.floats($0)) }
    guard let scale else { return }
    vn_layer_norm(
      context.kernels, rows, columns, epsilon, context.floats(0), scale, bias, context.floats(places.output),
      context.pool)
  }
}

/// The gradients of layer normalization over the innermost axes with respect to its argument and its scale.
struct LayerNormGradientKernel: Kernel {
  private let rows: Int
  private let columns: Int
  private let epsilon: Float

  static func choose(_ op: LayerNormalization.Gradient, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[1], let scale = context.inputs[2], x.type == .float32,
      x.shape.elementCount > 0
    else { return nil }
    let extents = Array(x.shape.dimensions[(op.axis < 0 ? op.axis + x.shape.rank : op.axis)...])
    let columns = extents.reduce(1, *)
    // A scale with other extents is repeated, and its gradient is a sum over the repetitions.
    guard scale.shape.elementCount == columns, Array(scale.shape.dimensions.suffix(extents.count)) == extents
    else { return nil }
    let kernel = LayerNormGradientKernel(
      rows: x.shape.elementCount / columns, columns: columns, epsilon: op.epsilon)
    return KernelChoice(
      kernel: kernel, operands: (0..<3).map { ($0, .rowMajor) }, outputLayout: .rowMajor, worksInPlace: true,
      name: "layer norm backward")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    vn_row_normalization_gradient_scratch_floats(rows, columns)
  }

  func run(_ context: borrowing KernelContext) {
    vn_row_normalization_gradient(
      context.kernels, rows, columns, epsilon, context.floats(0), context.floats(1), context.floats(2),
      context.floats(3), context.floats(4), context.scratch, context.pool)
  }
}

/// Local response normalization across channels.
struct LRNKernel: Kernel {
  private let pixels: Int
  private let channels: Int
  private let size: Int
  private let alpha: Float
  private let beta: Float
  private let bias: Float

  static func choose(_ op: LRN, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.image, x.c > 0 else { return nil }
    let kernel = LRNKernel(
      pixels: x.n * x.h * x.w, channels: x.c, size: op.size, alpha: op.alpha, beta: op.beta, bias: op.bias)
    return KernelChoice(
      kernel: kernel, operands: [(0, .channelsLast)], outputLayout: .channelsLast, name: "lrn")
  }

  func run(_ context: borrowing KernelContext) {
    vn_lrn(
      context.kernels, pixels, channels, Int32(size), alpha, beta, bias, context.floats(0), Int64(channels),
      context.floats(1), Int64(channels), context.pool)
  }
}

extension LayerNormalization: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { LayerNormKernel.choose(self, context) }
}

extension LayerNormalization.Gradient: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    LayerNormGradientKernel.choose(self, context)
  }
}

extension LRN: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { LRNKernel.choose(self, context) }
}
