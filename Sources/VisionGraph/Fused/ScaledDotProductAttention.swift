package import VisionTensor
import VisionSystem

/// softmax(scale · q · kᵀ + bias + mask) · v over the last axis of the scores. Source: Vaswani et al. 2017, section 3.2.1.
///
/// Inputs: q …×S×D, k …×T×D or …×D×T, v …×T×E, with equal leading axes; optionally a bias and a mask that broadcast to …×S×T and
/// are both added; all of one floating-point type.
package struct ScaledDotProductAttention: InternalOperator {
  package static let name = "ScaledDotProductAttention"
  package var scale: Float
  /// Whether k is …×D×T.
  package var hasKeysInColumns = false

  /// Whether a query whose scores have no softmax, as all of them are −∞, gives zeros.
  package var givesZerosForNaN = false

  package init(scale: Float, hasKeysInColumns: Bool = false, givesZerosForNaN: Bool = false) {
    self.scale = scale
    self.hasKeysInColumns = hasKeysInColumns
    self.givesZerosForNaN = givesZerosForNaN
  }

  /// The extents of the product.
  package struct Form {
    /// The leading axes.
    package var batch: Shape
    package var queries: Int
    package var keys: Int
    /// The numbers of one query.
    package var depth: Int
    /// The numbers of one value.
    package var width: Int
    package var scores: Shape { Shape(batch.dimensions + [queries, keys]) }
  }

  package func form(_ inputs: [Fact?]) throws(ShapeError) -> Form {
    let q = try ShapeRule.required(inputs, 0, types: .floats)
    let k = try ShapeRule.required(inputs, 1, types: [q.type]).shape
    let v = try ShapeRule.required(inputs, 2, types: [q.type]).shape
    let rank = q.shape.rank
    guard rank >= 2, k.rank == rank, v.rank == rank else {
      throw ShapeError("\(q.shape), \(k) and \(v) differ in the number of axes, or have too few")
    }
    let (keys, depth) = hasKeysInColumns ? (k[rank - 1], k[rank - 2]) : (k[rank - 2], k[rank - 1])
    let batch = Shape(Array(q.shape.dimensions.dropLast(2)))
    guard Array(k.dimensions.dropLast(2)) == batch.dimensions,
      Array(v.dimensions.dropLast(2)) == batch.dimensions,
      depth == q.shape[rank - 1], keys == v[rank - 2]
    else { throw ShapeError("\(q.shape), \(k) and \(v) do not fit") }
    let form = Form(
      batch: batch, queries: q.shape[rank - 2], keys: keys, depth: depth, width: v[rank - 1])
    for index in [3, 4] {
      if let bias = try ShapeRule.optional(inputs, index, types: [q.type]),
        bias.shape.broadcast(with: form.scores) != form.scores
      {
        throw ShapeError("the bias \(bias.shape) does not broadcast to \(form.scores)")
      }
    }
    return form
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let form = try form(inputs)
    return [Fact(inputs[0]?.type ?? .float32, Shape(form.batch.dimensions + [form.queries, form.width]))]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let form: Form
    do {
      form = try self.form(inputs.map { $0.map(Fact.init(constant:)) })
    } catch { throw EvaluationError(error.message) }
    let (q, k) = (try Reference.required(inputs, 0).doubles, try Reference.required(inputs, 1).doubles)
    let v = try Reference.required(inputs, 2).doubles
    let biases = [3, 4].compactMap { Reference.optional(inputs, $0) }.map {
      (numbers: $0.doubles, places: Reference.indices(of: $0.shape, broadcastTo: form.scores))
    }
    let (row, column) = hasKeysInColumns ? (1, form.keys) : (form.depth, 1)
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    for query in 0..<(form.batch.elementCount * form.queries) {
      let head = query / max(form.queries, 1)
      var line = (0..<form.keys).map { key in
        var sum = 0.0
        for index in 0..<form.depth {
          sum += q[query * form.depth + index] * k[head * form.keys * form.depth + key * row + index * column]
        }
        let place = query * form.keys + key
        return biases.reduce(Double(scale) * sum) { $0 + $1.numbers[$1.places[place]] }
      }
      Softmax().transform(&line)
      if givesZerosForNaN { line = line.map { $0.isNaN ? 0 : $0 } }
      for (key, weight) in line.enumerated() {
        for index in 0..<form.width {
          result[query * form.width + index] += weight * v[(head * form.keys + key) * form.width + index]
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var parts: [String] { [MatMul.name, Softmax.name, MatMul.name] }

  package var attributes: Attributes {
    [
      "scale": .float(scale), "keys_in_columns": .int(hasKeysInColumns ? 1 : 0),
      "zeros_for_nan": .int(givesZerosForNaN ? 1 : 0),
    ]
  }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard let form = try? form(inputs) else { return 0 }
    return GraphLimits.product(form.scores.dimensions + [2 * (form.depth + form.width) + 5])
  }
}
