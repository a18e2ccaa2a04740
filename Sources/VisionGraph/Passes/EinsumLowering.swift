import VisionTensor
import VisionSystem

/// Replaces float32 Einsum by products of matrices, transpositions and sums, for which there are kernels.
package struct EinsumLowering: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let einsum = node.operation as? Einsum, graph.fact(node.outputs[0]).type == .float32 else {
        return nil
      }
      let facts = node.inputs.compactMap { $0.map { graph.fact($0) } }
      guard let form = try? EinsumForm(einsum.equation, facts.map(\.shape)),
        !facts.contains(where: { $0.shape.elementCount == 0 })
      else { return nil }
      var lowering = Lowering(form: form, name: node.name)
      return [try lowering.result(node.inputs.compactMap { $0.map { rewriter.mapped($0) } }, &rewriter)]
    }
  }
}

/// The lowering of one node.
private struct Lowering {
  /// A factor: a value of the new graph, and the labels of its axes, each once.
  struct Factor {
    var value: ValueID
    var labels: [Int]
  }

  let form: EinsumForm
  let name: String

  mutating func result(_ values: [ValueID], _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID {
    var rest: [Factor] = []
    for (index, value) in values.enumerated() { rest.append(try factor(value, index, &rewriter)) }
    var product = try summed(rest.removeFirst(), later: rest, &rewriter)
    while !rest.isEmpty {
      let next = try summed(rest.removeFirst(), later: rest + [product], &rewriter)
      product = try multiplied(product, next, later: rest, &rewriter)
    }
    // An axis of the result that all operands have with one element is missing here.
    let present = form.output.filter { product.labels.contains($0) }
    product = try transposed(product, to: present, &rewriter)
    return try reshaped(product.value, form.shape(form.output), &rewriter)
  }

  /// An operand without axes of one element that are repeated or of no effect, and with diagonals in place of repeated labels.
  private func factor(_ value: ValueID, _ index: Int, _ rewriter: inout GraphRewriter) throws(GraphError)
    -> Factor
  {
    let shape = form.shapes[index]
    let kept = shape.dimensions.indices.filter { shape[$0] != 1 }
    var result = Factor(
      value: try reshaped(value, Shape(kept.map { shape[$0] }), &rewriter),
      labels: kept.map { form.operands[index][$0] })
    while let label = result.labels.first(where: { label in result.labels.count { $0 == label } > 1 }) {
      // The first two axes of this label become the last ones, and one whose elements n + 1 apart are the diagonal.
      let pair = Array(result.labels.indices.filter { result.labels[$0] == label }.prefix(2))
      let others = result.labels.indices.filter { !pair.contains($0) }
      let extent = form.extents[label] ?? 1
      let turned = try rewriter.emit(Transpose(others + pair), [result.value], name: "\(name).transpose")[0]
      let labels = others.map { result.labels[$0] }
      let flat = try reshaped(
        turned, Shape(form.shape(labels).dimensions + [extent * extent]), &rewriter)
      let places = Tensor((0..<extent).map { Int64($0 * (extent + 1)) })
      let diagonal = try rewriter.emit(
        Gather(axis: others.count), [flat, rewriter.constant(places, name: "\(name).diagonal")],
        name: "\(name).gather")[0]
      result = Factor(value: diagonal, labels: labels + [label])
    }
    return result
  }

  /// The factor, summed over what neither the result nor a later factor has.
  private func summed(_ factor: Factor, later: [Factor], _ rewriter: inout GraphRewriter) throws(GraphError)
    -> Factor
  {
    let axes = factor.labels.indices.filter { axis in
      let label = factor.labels[axis]
      return !form.output.contains(label) && !later.contains { $0.labels.contains(label) }
    }
    guard !axes.isEmpty else { return factor }
    let constant = rewriter.constant(Tensor(axes.map { Int64($0) }), name: "\(name).axes")
    let sum = try rewriter.emit(
      ReduceSum(keepsDimensions: false), [factor.value, constant], name: "\(name).sum")[0]
    let kept = factor.labels.indices.filter { !axes.contains($0) }
    return Factor(value: sum, labels: kept.map { factor.labels[$0] })
  }

  /// The product of two factors, summed over the labels that both have and nobody reads later.
  private func multiplied(
    _ a: Factor, _ b: Factor, later: [Factor], _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> Factor {
    let both = a.labels.filter { b.labels.contains($0) }
    let batch = both.filter { label in
      form.output.contains(label) || later.contains { $0.labels.contains(label) }
    }
    let inner = both.filter { !batch.contains($0) }
    let rows = a.labels.filter { !both.contains($0) }
    let columns = b.labels.filter { !both.contains($0) }
    func count(_ labels: [Int]) -> Int { form.shape(labels).elementCount }
    let left = try reshaped(
      transposed(a, to: batch + rows + inner, &rewriter).value, [count(batch), count(rows), count(inner)],
      &rewriter)
    let right = try reshaped(
      transposed(b, to: batch + inner + columns, &rewriter).value,
      [count(batch), count(inner), count(columns)], &rewriter)
    // Without a sum, a product of matrices is one of broadcast elements.
    let op: any Operator = inner.isEmpty ? Mul() : MatMul()
    let product = try rewriter.emit(op, [left, right], name: "\(name).product")[0]
    let labels = batch + rows + columns
    return Factor(value: try reshaped(product, form.shape(labels), &rewriter), labels: labels)
  }

  private func transposed(_ factor: Factor, to labels: [Int], _ rewriter: inout GraphRewriter)
    throws(GraphError) -> Factor
  {
    let order = labels.compactMap { factor.labels.firstIndex(of: $0) }
    guard order != Array(order.indices) else { return factor }
    let value = try rewriter.emit(Transpose(order), [factor.value], name: "\(name).transpose")[0]
    return Factor(value: value, labels: labels)
  }

  private func reshaped(_ value: ValueID, _ shape: Shape, _ rewriter: inout GraphRewriter) throws(GraphError)
    -> ValueID
  {
    guard rewriter.result.fact(value).shape != shape else { return value }
    let target = rewriter.constant(Tensor(shape.map { Int64($0) }), name: "\(name).shape")
    return try rewriter.emit(Reshape(), [value, target], name: "\(name).reshape")[0]
  }
}
