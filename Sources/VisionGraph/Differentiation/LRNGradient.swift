import VisionSystem
package import VisionTensor

/// gx[c] = g[c] · base[c]^−β − 2αβ/size · x[c] · Σ of g·x·base^(−β−1) over the channels whose window contains
/// c, with base = bias + α/size · Σ x².
///
/// Inputs: g, x N×C×…, of one floating-point type and shape.
package struct LRNGradient: InternalOperator {
  package static let name = "LRNGradient"
  package let lrn: LRN

  package init(_ lrn: LRN) { self.lrn = lrn }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    return try lrn.outputs([g])
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let x = try Reference.required(inputs, 1).doubles
    var result = g
    let (alpha, beta) = (Double(lrn.alpha) / Double(lrn.size), Double(lrn.beta))
    let (before, after) = ((lrn.size - 1) / 2, lrn.size / 2)
    Reference.forEachLine(fact.shape, axis: 1) { start, step, count in
      let places = (0..<count).map { start + $0 * step }
      let bases = places.indices.map { channel in
        let sum = places[max(0, channel - before)...(channel + min(after, count - 1 - channel))]
          .reduce(0) { $0 + x[$1] * x[$1] }
        return Double(lrn.bias) + alpha * sum
      }
      let terms = places.indices.map {
        g[places[$0]] * x[places[$0]] * Libm.pow(bases[$0], -beta - 1)
      }
      for (channel, place) in places.enumerated() {
        let readers = max(0, channel - min(after, channel))...(channel + min(before, count - 1 - channel))
        result[place] =
          g[place] * Libm.pow(bases[channel], -beta)
          - 2 * alpha * beta * x[place] * terms[readers].reduce(0, +)
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { lrn.attributes }
  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { outputs[0].shape.elementCount * 12 }
}
