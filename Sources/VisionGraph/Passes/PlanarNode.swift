import VisionSystem
import VisionTensor

/// A node that is to be computed on images.
struct PlanarNode {
  let node: Graph.Node
  let graph: Graph
  let images: [ValueID: ValueID]

  private var shape: PlanarShape? {
    guard let x = node.inputs.first ?? nil, PlanarShape.fits(graph.fact(x).shape) else { return nil }
    return PlanarShape(graph.fact(x).shape)
  }

  /// The result as images; nil where the node is not of a kind that can be computed so.
  mutating func image(_ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID? {
    guard let shape, node.outputs.count == 1, graph.fact(node.outputs[0]).type == .float32,
      PlanarShape.fits(graph.fact(node.outputs[0]).shape)
    else { return nil }
    switch node.operation {
    case let conv as Conv:
      return shape.isDeep ? try deep(conv, shape, &rewriter) : try flat(conv, &rewriter)
    case let conv as ConvTranspose: return shape.isDeep ? nil : try flat(conv, &rewriter)
    case let pool as MaxPool:
      return shape.isDeep ? try deep(pool, shape, &rewriter) : try flat(pool, &rewriter)
    case var pool as AveragePool:
      guard !shape.isDeep else { return nil }
      pool.window = pool.window.behindOneRow
      return try same(pool, &rewriter)
    case is GlobalAveragePool, is GlobalMaxPool:
      return shape.isDeep ? try deepGlobal(shape, &rewriter) : try same(node.operation, &rewriter)
    case is ChannelAffine: return try same(node.operation, &rewriter)
    default: return try elementwise(&rewriter)
    }
  }

  /// An input as images.
  private func images(of input: Int, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID? {
    guard input < node.inputs.count, let value = node.inputs[input] else { return nil }
    if let known = images[value] { return known }
    return try PlanarShape(graph.fact(value).shape).make(
      rewriter.mapped(value), name: "\(node.name).\(input)", &rewriter)
  }

  /// The operator on images; its other inputs stay.
  private func same(_ operation: any Operator, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID?
  {
    let others = node.inputs.dropFirst().map { $0.map { rewriter.mapped($0) } }
    return try rewriter.emit(operation, [images(of: 0, &rewriter)] + others, name: node.name)[0]
  }

  /// Functions of elements, of one tensor or of several of one shape, and concatenation of channels.
  private func elementwise(_ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID? {
    let facts = node.inputs.map { $0.map { graph.fact($0) } }
    let output = graph.fact(node.outputs[0]).shape
    if node.operation.elementFunction(facts) != nil { return try same(node.operation, &rewriter) }
    let isPairwise =
      node.operation is Add || node.operation is Sub || node.operation is Mul || node.operation is Div
    let concat = node.operation as? Concat
    let joins = concat.map { ($0.axis < 0 ? $0.axis + output.rank : $0.axis) == 1 } ?? false
    guard isPairwise || joins else { return nil }
    for fact in facts {
      guard let fact, PlanarShape.fits(fact.shape), joins || fact.shape == output else { return nil }
    }
    var inputs: [ValueID?] = []
    for index in node.inputs.indices { inputs.append(try images(of: index, &rewriter)) }
    return try rewriter.emit(concat.map { _ in Concat(axis: 1) } ?? node.operation, inputs, name: node.name)[
      0]
  }

  // MARK: One axis

  private func flat(_ conv: Conv, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID? {
    var conv = conv
    conv.window = conv.window.behindOneRow
    return try weighted(conv, &rewriter)
  }

  private func flat(_ conv: ConvTranspose, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID? {
    let window = conv.window.behindOneRow
    return try weighted(
      ConvTranspose(
        window: window, groups: conv.groups, outputPadding: [0] + conv.outputPadding,
        outputShape: conv.outputShape.map { [1] + $0 }), &rewriter)
  }

  private func flat(_ pool: MaxPool, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID? {
    var pool = pool
    pool.window = pool.window.behindOneRow
    return try same(pool, &rewriter)
  }

  private func weighted(_ operation: any Operator, _ rewriter: inout GraphRewriter) throws(GraphError)
    -> ValueID?
  {
    guard let w = node.inputs[1] else { return nil }
    let extents = graph.fact(w).shape
    let weights = try PlanarShape.reshape(
      rewriter.mapped(w), to: [extents[0], extents[1], 1, extents[2]], name: "\(node.name).weights", &rewriter
    )
    let bias = node.inputs.count > 2 ? node.inputs[2].map { rewriter.mapped($0) } : nil
    return try rewriter.emit(operation, [images(of: 0, &rewriter), weights, bias], name: node.name)[0]
  }

  // MARK: Three axes

  /// The mean or maximum of those of the frames, which all have as many elements.
  private func deepGlobal(_ shape: PlanarShape, _ rewriter: inout GraphRewriter) throws(GraphError)
    -> ValueID?
  {
    let channels = graph.fact(node.outputs[0]).shape[1]
    let each = try rewriter.emit(
      node.operation, [images(of: 0, &rewriter)], name: "\(node.name).each")[0]
    let frames = try PlanarShape.reshape(
      each, to: [shape.samples, shape.depth, channels, 1], name: "\(node.name).frames", &rewriter)
    let row = try rewriter.emit(Transpose([0, 2, 3, 1]), [frames], name: "\(node.name).row")[0]
    return try rewriter.emit(node.operation, [row], name: node.name)[0]
  }

  /// The sum of a convolution of frames for each tap along the depth.
  private func deep(_ conv: Conv, _ shape: PlanarShape, _ rewriter: inout GraphRewriter) throws(GraphError)
    -> ValueID?
  {
    guard let w = node.inputs[1], let frames = try frames(conv.window, shape, fill: 0, &rewriter),
      let window = conv.window.withoutDepth
    else { return nil }
    let flat = Conv(window: window, groups: conv.groups)
    var sum: ValueID?
    for (tap, read) in frames.enumerated() {
      let name = frames.count == 1 ? node.name : "\(node.name).tap \(tap)"
      let index = rewriter.constant(Tensor(scalar: Int64(tap)), name: "\(name).index")
      let weights = try rewriter.emit(
        Gather(axis: 2), [rewriter.mapped(w), index], name: "\(name).weights")[0]
      let bias = sum == nil && node.inputs.count > 2 ? node.inputs[2].map { rewriter.mapped($0) } : nil
      let part = try rewriter.emit(flat, [read, weights, bias], name: name)[0]
      sum =
        try sum.map { (before) throws(GraphError) in
          try rewriter.emit(Add(), [before, part], name: "\(name).sum")[0]
        } ?? part
    }
    return sum
  }

  /// The largest of the pooled frames.
  private func deep(_ pool: MaxPool, _ shape: PlanarShape, _ rewriter: inout GraphRewriter) throws(GraphError)
    -> ValueID?
  {
    guard !pool.ceiling, let window = pool.window.withoutDepth,
      let frames = try frames(pool.window, shape, fill: -.infinity, &rewriter)
    else { return nil }
    var largest: ValueID?
    for (tap, read) in frames.enumerated() {
      let name = frames.count == 1 ? node.name : "\(node.name).tap \(tap)"
      let pooled = try rewriter.emit(MaxPool(window: window), [read], name: name)[0]
      largest =
        try largest.map { (before) throws(GraphError) in
          try rewriter.emit(Max(), [before, pooled], name: "\(name).largest")[0]
        } ?? pooled
    }
    return largest
  }

  /// For each tap along the depth, the frames that it reads, one for each frame of the result; nil where padding follows from the
  /// extents.
  private func frames(
    _ window: Window, _ shape: PlanarShape, fill: Float, _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID]? {
    let spatial = Array(graph.fact(node.inputs[0] ?? node.outputs[0]).shape.dimensions.dropFirst(2))
    guard case .explicit = window.padding, let resolved = try? window.resolved(spatial),
      let images = try images(of: 0, &rewriter)
    else { return nil }
    let (depth, outputs) = (shape.depth, resolved.output[0])
    var padded: ValueID?
    var results: [ValueID] = []
    for tap in 0..<window.kernel[0] {
      let places = (0..<outputs).map {
        $0 * window.strides[0] + tap * window.dilations[0] - resolved.before[0]
      }
      if places == Array(0..<depth) {
        results.append(images)
        continue
      }
      let name = "\(node.name).frames \(tap)"
      let leaves = places.contains { $0 < 0 || $0 >= depth }
      if leaves, padded == nil {
        let pads = rewriter.constant(Tensor([0, 0, 0, 0, 1, 0, 0, 0] as [Int64]), name: "\(name).pads")
        let value = rewriter.constant(Tensor(scalar: fill), name: "\(name).fill")
        padded = try rewriter.emit(Pad(), [images, pads, value], name: "\(name).padded")[0]
      }
      // The frame behind the last one is the padding.
      let indices = (0..<shape.samples).flatMap { sample in
        places.map { $0 < 0 || $0 >= depth ? shape.samples * depth : sample * depth + $0 }
      }
      let constant = rewriter.constant(Tensor(indices.map { Int64($0) }), name: "\(name).indices")
      results.append(
        try rewriter.emit(Gather(axis: 0), [leaves ? padded : images, constant], name: name)[0])
    }
    return results
  }
}

extension Window {
  /// A window over one axis as one over two, the first of which has one element.
  fileprivate var behindOneRow: Window {
    var result = self
    (result.kernel, result.strides, result.dilations) = ([1] + kernel, [1] + strides, [1] + dilations)
    if case .explicit(let pads) = padding { result.padding = .explicit([0, pads[0], 0, pads[1]]) }
    return result
  }

  /// The window over the last two of three axes; nil where padding follows from the extents.
  fileprivate var withoutDepth: Window? {
    guard case .explicit(let pads) = padding, kernel.count == 3, pads.count == 6 else { return nil }
    return Window(
      kernel: Array(kernel.dropFirst()), strides: Array(strides.dropFirst()),
      dilations: Array(dilations.dropFirst()), padding: .explicit([pads[1], pads[2], pads[4], pads[5]]))
  }
}
