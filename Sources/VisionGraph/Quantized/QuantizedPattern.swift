import VisionTensor
import VisionSystem

/// Recognizes the QDQ form in a graph: which values are bytes, and their quantization.
struct QuantizedPattern {
  let graph: Graph
  private let rewriter: GraphRewriter

  init(_ graph: Graph, _ rewriter: GraphRewriter) {
    self.graph = graph
    self.rewriter = rewriter
  }

  /// A tensor of bytes with its quantization.
  struct Bytes {
    var value: ValueID
    var scale: ValueID
    var zero: ValueID
    var quantization: AffineQuantization
    var parameters: [ValueID] { [scale, zero] }
    var inputs: [ValueID] { [value, scale, zero] }
  }

  /// A convolution or a matrix product of bytes with int8 weights.
  struct Product {
    enum Kind {
      case conv(Conv)
      case dense(transposesWeights: Bool)
    }
    var kind: Kind
    var x: Bytes
    var weights: ValueID
    /// Replaces weights that are not int8 with zero point 0.
    var shifted: Tensor?
    var weightScales: ValueID
    var bias: ValueID?
    /// Replaces the weights, their scales and the bias if the bias would leave no room for the sums in 32
    /// bits.
    var coarser: CoarserWeights?
    var clamp: Clamp?
    /// The name of the last node of the pattern.
    var last: String

    func isTop(_ node: Graph.Node) -> Bool { node.name == last }
  }

  /// The bytes that a QuantizeLinear outputs; nil unless it has one constant scale and zero point for the
  /// whole tensor.
  func bytes(of node: Graph.Node) -> Bytes? {
    guard graph.fact(node.outputs[0]).type == .uint8, node.inputs.count > 2, let scale = node.inputs[1],
      let zero = node.inputs[2], let quantization = quantization(scale, zero)
    else { return nil }
    return Bytes(value: node.outputs[0], scale: scale, zero: zero, quantization: quantization)
  }

  /// The bytes from which a DequantizeLinear computes a value.
  func dequantized(_ id: ValueID) -> Bytes? {
    guard let node = graph.producer(of: id), node.operation is DequantizeLinear, node.inputs.count > 2,
      let x = node.inputs[0], graph.fact(x).type == .uint8, graph.fact(id).type == .float32,
      let scale = node.inputs[1], let zero = node.inputs[2], let quantization = quantization(scale, zero)
    else { return nil }
    return Bytes(value: x, scale: scale, zero: zero, quantization: quantization)
  }

  private func quantization(_ scale: ValueID, _ zero: ValueID) -> AffineQuantization? {
    guard let step = graph.fact(scale).value, step.elementType == .float32, step.elementCount == 1,
      let byte = graph.fact(zero).value?.values(as: UInt8.self)?.first, step.floats[0] > 0,
      step.floats[0].isFinite
    else { return nil }
    return AffineQuantization(scale: step.floats[0], zeroPoint: byte)
  }

  /// The node that computes a value with a single reader; if that node is a clamp, the node before it, with
  /// the clamp.
  func clamped(_ id: ValueID) -> (Graph.Node, Clamp?)? {
    guard let node = rewriter.soleProducer(of: id) else { return nil }
    guard let clamp = Clamp(node.operation, node.inputs.map { $0.map { graph.fact($0) } }) else {
      return (node, nil)
    }
    guard let source = rewriter.soleProducer(of: node.inputs[0]) else { return nil }
    return (source, clamp)
  }

  /// The product that a node computes; for a clamp, the product that the node before it computes.
  func product(of node: Graph.Node) -> Product? {
    guard node.outputs.count == 1 else { return nil }
    if let clamp = Clamp(node.operation, node.inputs.map { $0.map { graph.fact($0) } }) {
      guard let source = rewriter.soleProducer(of: node.inputs[0]),
        var product = product(of: source, clamp: clamp)
      else { return nil }
      product.last = node.name
      return product
    }
    return product(of: node, clamp: nil)
  }

  func product(of node: Graph.Node, clamp: Clamp?) -> Product? {
    let kind: Product.Kind
    let axis: Int
    switch node.operation {
    case let conv as Conv where conv.window.kernel.count == 2: (kind, axis) = (.conv(conv), 0)
    case let gemm as Gemm where !gemm.transposesA && gemm.alpha == 1 && gemm.beta == 1:
      (kind, axis) = (.dense(transposesWeights: gemm.transposesB), gemm.transposesB ? 0 : 1)
    case is MatMul: (kind, axis) = (.dense(transposesWeights: false), 1)
    default: return nil
    }
    guard let input = node.inputs[0], let x = dequantized(input),
      let weights = weights(node.inputs[1], axis: axis)
    else { return nil }
    var bias: ValueID?
    var coarser: CoarserWeights?
    if node.inputs.count > 2, let id = node.inputs[2] {
      bias = self.bias(id, input: x.quantization.scale, weights.scaleValues, outputs: weights.outputs)
      guard let bias, let values = graph.fact(bias).value,
        let tensor = weights.shifted ?? graph.fact(weights.value).value
      else { return nil }
      coarser = CoarserWeights(tensor, axis: axis, scales: weights.scaleValues, bias: values)
      // The scales may become infinite when they are multiplied.
      if let coarser, !coarser.scales.floats.allSatisfy(\.isFinite) { return nil }
    }
    return Product(
      kind: kind, x: x, weights: weights.value, shifted: weights.shifted, weightScales: weights.scales,
      bias: bias, coarser: coarser,
      clamp: clamp, last: node.name)
  }

  /// Weights of which the differences to their zero points are int8 and the sums of products fit in 32 bits.
  private func weights(_ id: ValueID?, axis: Int) -> (
    value: ValueID, shifted: Tensor?, scales: ValueID, scaleValues: [Float], outputs: Int
  )? {
    guard let id, let node = graph.producer(of: id), let op = node.operation as? DequantizeLinear,
      op.blockSize == 0, graph.fact(id).type == .float32, let w = node.inputs[0], let scales = node.inputs[1],
      let tensor = graph.fact(w).value, let values = graph.fact(scales).value, values.elementType == .float32
    else { return nil }
    let shape = tensor.shape
    guard shape.rank == 2 || shape.rank == 4,
      values.elementCount == 1 || (op.axis + shape.rank) % shape.rank == axis
    else { return nil }
    let zero = node.inputs.count > 2 ? node.inputs[2] : nil
    if let zero, graph.fact(zero).value == nil { return nil }
    let zeros = zero.flatMap { graph.fact($0).value?.integers } ?? [0]
    var shifted: Tensor?
    if tensor.elementType != .int8 || zeros.contains(where: { $0 != 0 }) {
      guard let bytes = Self.shifted(tensor, zeros, axis: axis) else { return nil }
      shifted = bytes
    }
    let outputs = shape[axis]
    guard outputs > 0, shape.elementCount / outputs < (1 << 30) / (255 * 128),
      values.floats.allSatisfy({ $0 > 0 && $0.isFinite })
    else { return nil }
    return (w, shifted, scales, values.floats, outputs)
  }

  /// The differences of int8 or uint8 weights to their zero points as int8; nil where one does not fit.
  private static func shifted(_ weights: Tensor, _ zeros: [Int], axis: Int) -> Tensor? {
    guard IntegerProduct.types.contains(weights.elementType) else { return nil }
    let inner = weights.shape.dimensions[(axis + 1)...].reduce(1, *), outputs = max(weights.shape[axis], 1)
    let values = weights.integers.enumerated().map { index, value in
      value - zeros[zeros.count == 1 ? 0 : index / inner % outputs]
    }
    guard values.allSatisfy({ (-128...127).contains($0) }) else { return nil }
    return Tensor(values.map { Int8($0) }, shape: weights.shape)
  }

  /// An int32 bias in units of the scale of x times the scales of the weights.
  private func bias(_ id: ValueID, input: Float, _ scales: [Float], outputs: Int) -> ValueID? {
    guard let node = graph.producer(of: id), node.operation is DequantizeLinear, let b = node.inputs[0],
      graph.fact(b).type == .int32, graph.fact(b).shape == [outputs],
      let values = graph.fact(b).value?.integers,
      let units = node.inputs[1].flatMap({ graph.fact($0).value })?.floats
    else { return nil }
    if node.inputs.count > 2, let zero = node.inputs[2] {
      guard let zeros = graph.fact(zero).value, zeros.integers.allSatisfy({ $0 == 0 }) else { return nil }
    }
    for index in values.indices {
      let unit = units[units.count == 1 ? 0 : index]
      let product = input * scales[scales.count == 1 ? 0 : index]
      guard abs(unit - product) <= 1e-5 * product else { return nil }
    }
    return b
  }
}
