import VisionTensor
import VisionSystem

/// softmax(cap(scale · q · kᵀ) + bias) · v, as operators of its parts. Source: Vaswani et al. 2017, section 3.2.1.
///
/// q N×H×S×D, k N×H′×T×D, v N×H′×T×E, of floating-point types; H is a multiple of H′, and neighboring heads of q share one of k and v
/// (Ainslie et al. 2023). The bias broadcasts to N×H×S×T.
struct ScaledDotProduct {
  var scale: Float
  /// Limits scores to ±softcap by its hyperbolic tangent; 0 does not.
  var softcap: Float = 0
  /// The type in which the softmax is computed; nil for that of q.
  var precision: ElementType?

  /// The values on the way, of which an operator may give one.
  struct Results {
    var scores: Value
    /// After the cap and the bias.
    var biased: Value
    var weights: Value
    var output: Value
  }

  init(scale: Float, softcap: Float = 0, precision: ElementType? = nil) {
    self.scale = scale
    self.softcap = softcap
    self.precision = precision
  }

  func build(_ q: Value, _ k: Value, _ v: Value, bias: Value?, _ parts: Composition)
    throws(GraphError) -> Results
  {
    guard q.shape.rank == 4, k.shape.rank == 4, v.shape.rank == 4, k.shape[1] > 0,
      q.shape[1] % k.shape[1] == 0, v.shape[1] == k.shape[1]
    else { throw parts.mismatch("heads of \(q.shape), \(k.shape) and \(v.shape) do not fit") }
    let type = q.fact.type
    let repeats = q.shape[1] / k.shape[1]
    let keys = try repeated(k, repeats, parts)
    let values = try repeated(v, repeats, parts)
    // The scale is applied to q alone, which has one row for each query; the keys may be a long cache.
    let scaled = scale == 1 ? q : try parts.add(Mul(), q, parts.scalar(Double(scale), type))
    let scores = try parts.add(MatMul(), scaled, parts.add(Transpose([0, 1, 3, 2]), keys))
    var capped = scores
    if softcap > 0 {
      let cap = parts.scalar(Double(softcap), type)
      capped = try parts.add(Mul(), parts.add(Tanh(), parts.add(Div(), scores, cap)), cap)
    }
    let biased = try bias.map { (bias) throws(GraphError) in try parts.add(Add(), capped, bias) } ?? capped
    let line = try parts.cast(biased, to: precision ?? type)
    let weights = try parts.add(Softmax(), line)
    let sum = try parts.add(MatMul(), parts.cast(weights, to: values.fact.type), values)
    return Results(
      scores: scores, biased: biased, weights: try parts.cast(weights, to: type),
      output: try parts.cast(sum, to: type))
  }

  /// Each head `count` times, one after the other.
  private func repeated(_ x: Value, _ count: Int, _ parts: Composition) throws(GraphError) -> Value {
    if count == 1 { return x }
    let spread = try parts.add(Expand(), parts.unsqueezed(x, [2]), parts.integers([1, 1, count, 1, 1]))
    return try parts.reshaped(spread, [0, x.shape[1] * count, -1, x.shape[3]])
  }
}

extension Composition {
  /// N×S×(heads·D) as N×heads×S×D.
  func heads(_ x: Value, _ count: Int) throws(GraphError) -> Value {
    guard x.shape.rank == 3, count > 0, x.shape[2] % count == 0 else {
      throw mismatch("\(x.shape) does not fall into \(count) heads")
    }
    return try add(Transpose([0, 2, 1, 3]), reshaped(x, [0, 0, count, -1]))
  }

  /// N×heads×S×D as N×S×(heads·D).
  func joined(_ x: Value) throws(GraphError) -> Value {
    try reshaped(add(Transpose([0, 2, 1, 3]), x), [0, 0, -1])
  }

  /// 0 where the condition holds, `other` elsewhere.
  func bias(where condition: Value, otherwise other: Double, _ type: ElementType) throws(GraphError)
    -> Value
  {
    try add(Where(), condition, scalar(0, type), scalar(other, type))
  }

  /// S×T: 0 where key j may be seen by query i, which is where j ≤ i + past; `hidden` elsewhere.
  ///
  /// - Parameter past: the number of keys before those of the first query, int64 with one element; nil for none.
  func causalBias(
    queries: Value, keys: Value, past: Value?, hidden: Double = -.infinity, _ type: ElementType
  ) throws(GraphError) -> Value {
    let shape = try add(
      Concat(axis: 0), extents(of: queries, from: 2, to: 3), extents(of: keys, from: 2, to: 3))
    let ones = try add(ConstantOfShape(Tensor([true])), shape)
    return try bias(where: add(Trilu(isUpper: false), ones, past), otherwise: hidden, type)
  }

  /// N×1×1×T: 0 for the first keys of each sample, as many as `lengths` (N, integers) says; `hidden` elsewhere.
  func lengthBias(_ lengths: Value, keys: Value, hidden: Double = -.infinity, _ type: ElementType)
    throws(GraphError) -> Value
  {
    let count = try add(Squeeze(), extents(of: keys, from: 2, to: 3), integers([0]))
    let zero = graph.constant(Tensor(scalar: Int64(0)), name: "\(node.name).start")
    let one = graph.constant(Tensor(scalar: Int64(1)), name: "\(node.name).step")
    let positions = try add(RangeOf(), zero, count, one)
    let isInside = try add(Less(), positions, unsqueezed(cast(lengths, to: .int64), [1, 2, 3]))
    return try bias(where: isInside, otherwise: hidden, type)
  }
}
