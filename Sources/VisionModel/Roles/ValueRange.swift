import VisionGraph
import VisionSystem
import VisionTensor

/// Bounds on every element of a value that hold for all inputs of the network, found by interval arithmetic.
///
/// Only elementwise computations, movements and averages are followed; all other results are treated as
/// unbounded. NaN counts as within all bounds.
struct ValueRange {
  /// A pair of bounds.
  struct Bounds {
    var low: Double
    var high: Double

    static let all = Bounds(low: -.infinity, high: .infinity)

    /// Whether the bounds equal these, except for rounding errors.
    func fill(_ low: Double, _ high: Double) -> Bool {
      abs(self.low - low) <= 1e-6 && abs(self.high - high) <= 1e-6
    }

    func mapped(_ rising: (Double) -> Double) -> Bounds {
      let (a, b) = (rising(low), rising(high))
      return a.isNaN || b.isNaN ? .all : Bounds(low: a, high: b)
    }

    /// The smallest interval that contains the numbers; unbounded if one is undefined, such as 0 · ∞.
    static func hull(_ corners: [Double]) -> Bounds {
      guard let low = corners.min(), let high = corners.max(), !corners.contains(where: \.isNaN) else {
        return .all
      }
      return Bounds(low: low, high: high)
    }

    func union(_ other: Bounds) -> Bounds {
      Bounds(low: Swift.min(low, other.low), high: Swift.max(high, other.high))
    }
  }

  let trace: ValueTrace
  /// The maximum number of nodes to look back along one path.
  private static let depth = 48

  init(_ trace: ValueTrace) { self.trace = trace }

  func bounds(of id: ValueID) -> Bounds {
    var known = Known()
    return bounds(of: id, Self.depth, &known)
  }

  /// Known bounds, each with the depth to which it was computed. Without them, a value reached by many paths,
  /// as in a network with concatenations, would be examined once per path.
  private typealias Known = [ValueID: (depth: Int, bounds: Bounds)]

  private func bounds(of id: ValueID, _ depth: Int, _ known: inout Known) -> Bounds {
    if let found = known[id], found.depth >= depth { return found.bounds }
    let found = computed(id, depth, &known)
    known[id] = (depth, found)
    return found
  }

  private func computed(_ id: ValueID, _ depth: Int, _ known: inout Known) -> Bounds {
    if let tensor = trace.constant(id) { return Bounds.hull(tensor.doubles) }
    guard depth > 0, let node = trace.graph.producer(of: id), let first = node.inputs.first ?? nil else {
      return .all
    }
    if let kept = trace.kept(id) { return bounds(of: kept.source, depth - 1, &known) }
    if node.operation is Concat || node.operation is Max || node.operation is Min || node.operation is Where {
      return joined(node, depth, &known)
    }
    if node.inputs.count > 1, let second = node.inputs[1], let binary = Self.binary(node.operation) {
      let x = bounds(of: first, depth - 1, &known)
      return binary(x, bounds(of: second, depth - 1, &known))
    }
    if let range = Self.range(node.operation) { return range }
    guard Self.follows(node.operation) else { return .all }
    return unary(node, bounds(of: first, depth - 1, &known))
  }

  /// The bounds of a function's results for any input.
  private static func range(_ operation: any Operator) -> Bounds? {
    switch operation {
    case is Softmax, is Sigmoid, is HardSigmoid: Bounds(low: 0, high: 1)
    case is LogSoftmax: Bounds(low: -.infinity, high: 0)
    case is Tanh, is Softsign, is Sin, is Cos, is Erf: Bounds(low: -1, high: 1)
    case is Softplus: Bounds(low: 0, high: .infinity)
    default: nil
    }
  }

  /// Whether `unary` can derive the bounds of a function's results from those of its input.
  private static func follows(_ operation: any Operator) -> Bool {
    switch operation {
    case is Relu, is Exp, is Log, is Neg, is Sqrt, is Abs, is Reciprocal, is Clip, is GlobalAveragePool,
      is GlobalMaxPool, is ReduceMean, is ReduceMax, is ReduceMin:
      true
    default: false
    }
  }

  /// The bounds of the results of a function of one value.
  private func unary(_ node: Graph.Node, _ x: Bounds) -> Bounds {
    switch node.operation {
    case is Relu: return x.mapped { max(0, $0) }
    case is Exp: return x.mapped { Libm.exp($0) }
    case is Log: return x.low >= 0 ? x.mapped { Libm.log($0) } : .all
    case is Neg: return Bounds(low: -x.high, high: -x.low)
    case is Sqrt: return x.low >= 0 ? x.mapped { $0.squareRoot() } : .all
    case is Abs:
      let largest = max(abs(x.low), abs(x.high))
      return Bounds(low: x.low > 0 ? x.low : x.high < 0 ? -x.high : 0, high: largest)
    case is Reciprocal: return Self.quotient(Bounds(low: 1, high: 1), x)
    case is Clip: return clipped(node, x)
    case is GlobalAveragePool, is GlobalMaxPool, is ReduceMean, is ReduceMax, is ReduceMin: return x
    default: return .all
    }
  }

  private func clipped(_ node: Graph.Node, _ x: Bounds) -> Bounds {
    func bound(_ index: Int, _ none: Double) -> Double? {
      guard node.inputs.count > index, let id = node.inputs[index] else { return none }
      return trace.constant(id)?.doubles.first
    }
    guard let low = bound(1, -.infinity), let high = bound(2, .infinity) else { return .all }
    return x.mapped { min(max($0, low), high) }
  }

  private func joined(_ node: Graph.Node, _ depth: Int, _ known: inout Known) -> Bounds {
    var parts: [Bounds] = []
    for case let id? in node.operation is Where ? node.inputs.dropFirst() : node.inputs[...] {
      parts.append(bounds(of: id, depth - 1, &known))
    }
    guard let first = parts.first else { return .all }
    if node.operation is Max {
      return parts.dropFirst().reduce(first) {
        Bounds(low: max($0.low, $1.low), high: max($0.high, $1.high))
      }
    }
    if node.operation is Min {
      return parts.dropFirst().reduce(first) {
        Bounds(low: min($0.low, $1.low), high: min($0.high, $1.high))
      }
    }
    return parts.dropFirst().reduce(first) { $0.union($1) }
  }

  private static func binary(_ operation: any Operator) -> ((Bounds, Bounds) -> Bounds)? {
    switch operation {
    case is Add: { a, b in hull(a.low + b.low, a.high + b.high) }
    case is Sub: { a, b in hull(a.low - b.high, a.high - b.low) }
    case is Mul: product
    case is Div: quotient
    default: nil
    }
  }

  private static func hull(_ low: Double, _ high: Double) -> Bounds { .hull([low, high]) }

  private static func product(_ a: Bounds, _ b: Bounds) -> Bounds {
    // Zero times infinity is zero here, because the infinity only means that the bound is unknown.
    func times(_ x: Double, _ y: Double) -> Double { x == 0 || y == 0 ? 0 : x * y }
    return .hull([
      times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high),
    ])
  }

  private static func quotient(_ a: Bounds, _ b: Bounds) -> Bounds {
    guard b.low > 0 || b.high < 0 else { return .all }
    return product(a, .hull([1 / b.low, 1 / b.high]))
  }
}
