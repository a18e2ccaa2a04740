import VisionGraph
import VisionTensor

/// Traces a value of a graph back to the values that it was computed from.
struct ValueTrace {
  let graph: Graph
  let parameters: Parameters

  /// The maximum number of elements of a weight that are examined, to see whether they are all one.
  private static let largestConstant = 1 << 16

  /// The elements of a value that does not depend on the input; nil for other values and for large ones.
  func constant(_ id: ValueID) -> Tensor? {
    let record = graph[id]
    if let value = record.fact.value { return value }
    switch record.source {
    case .constant(let tensor): return tensor
    case .parameter where record.fact.shape.elementCount <= Self.largestConstant:
      return parameters[record.name]
    default: return nil
    }
  }

  /// The value whose elements `id` holds, possibly in another order, shape or type, and whether elements were
  /// left out.
  ///
  /// Rounding counts as keeping an element, as by a cast or by quantization and dequantization.
  func kept(_ id: ValueID) -> (source: ValueID, isPart: Bool)? {
    guard let node = graph.producer(of: id), let first = node.inputs.first ?? nil else { return nil }
    let isWhole = graph.fact(first).shape.elementCount == graph.fact(id).shape.elementCount
    switch node.operation {
    case is Identity, is DropoutOperator, is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Transpose:
      return (first, false)
    case is Cast, is CastLike:
      return graph.fact(first).type.isFloatingPoint && graph.fact(id).type.isFloatingPoint
        ? (first, false) : nil
    case is DequantizeLinear:
      guard let quantize = graph.producer(of: first), quantize.operation is QuantizeLinear else { return nil }
      return quantize.inputs[0].map { ($0, false) }
    case is Slice, is Gather, is GatherElements, is GatherND, is Split:
      return (first, true)
    case is Expand, is Tile, is ReduceMean, is ReduceMax, is ReduceMin, is ReduceSum, is GlobalAveragePool,
      is GlobalMaxPool, is AveragePool, is MaxPool:
      // Here each mean, maximum or sum is of a single element.
      return isWhole && graph.fact(first).shape.elementCount > 0 ? (first, false) : nil
    case is Sum, is Mean, is Max, is Min, is Concat:
      return node.inputs.count == 1 ? (first, false) : nil
    case is Add: return neutral(node, id, 0, commutes: true)
    case is Sub: return neutral(node, id, 0, commutes: false)
    case is Mul: return neutral(node, id, 1, commutes: true)
    case is Div, is Pow: return neutral(node, id, 1, commutes: false)
    default: return nil
    }
  }

  /// The other operand of an operation with a constant that has no effect.
  private func neutral(_ node: Graph.Node, _ id: ValueID, _ number: Double, commutes: Bool) -> (
    source: ValueID, isPart: Bool
  )? {
    guard node.inputs.count == 2, let a = node.inputs[0], let b = node.inputs[1] else { return nil }
    let count = graph.fact(id).shape.elementCount
    func isNeutral(_ id: ValueID) -> Bool { constant(id)?.doubles.allSatisfy { $0 == number } ?? false }
    if graph.fact(a).shape.elementCount == count, isNeutral(b) { return (a, false) }
    if commutes, graph.fact(b).shape.elementCount == count, isNeutral(a) { return (b, false) }
    return nil
  }

  /// The earliest value that holds the elements of `id`, and whether elements were left out on the way.
  ///
  /// - Parameter clips: whether clipping below about 0 and above about 1 counts as keeping, as for
  ///   probabilities.
  func origin(_ id: ValueID, throughClips clips: Bool = false) -> (value: ValueID, isPart: Bool) {
    var (value, isPart) = (id, false)
    while true {
      if let step = kept(value) {
        value = step.source
        isPart = isPart || step.isPart
      } else if clips, let source = unclipped(value) {
        value = source
      } else {
        return (value, isPart)
      }
    }
  }

  /// The input of a clip that leaves numbers between 0 and 1 unchanged up to 0.001.
  private func unclipped(_ id: ValueID) -> ValueID? {
    guard let node = graph.producer(of: id), let first = node.inputs.first ?? nil else { return nil }
    func number(_ index: Int, _ none: Double) -> Double? {
      guard node.inputs.count > index, let id = node.inputs[index] else { return none }
      return constant(id)?.doubles.first
    }
    switch node.operation {
    case is Clip:
      guard let low = number(1, -.infinity), let high = number(2, .infinity), low <= 1e-3, high >= 0.999
      else { return nil }
      return first
    case is Max:
      return node.inputs.count == 2 && (number(1, .infinity).map { $0 <= 1e-3 } ?? false) ? first : nil
    case is Min:
      return node.inputs.count == 2 && (number(1, -.infinity).map { $0 >= 0.999 } ?? false) ? first : nil
    default: return nil
    }
  }

  /// Whether both values hold the same elements.
  func isSame(_ a: ValueID, _ b: ValueID) -> Bool {
    a == b || (origin(a).value == origin(b).value && !origin(a).isPart && !origin(b).isPart)
  }
}
