import VisionSystem
package import VisionTensor

/// The gradients of DeformConv.
///
/// Inputs: g of the shape of its output; x, w, offsets and optionally the mask as DeformConv has them. Outputs: the derivatives with
/// respect to x, w, the offsets and, if there is one, the mask.
package struct DeformConvGradient: InternalOperator {
  package static let name = "DeformConvGradient"
  package let conv: DeformConv

  package init(_ conv: DeformConv) { self.conv = conv }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let (x, w) = (try ShapeRule.required(inputs, 1), try ShapeRule.required(inputs, 2))
    let (offsets, mask) = (try ShapeRule.required(inputs, 3), try ShapeRule.optional(inputs, 4))
    try ShapeRule.same(inputs, 0, as: conv.outputs([x, w, offsets, nil, mask])[0])
    return ([x, w, offsets] + (mask.map { [$0] } ?? [])).map { Fact($0.type, $0.shape) }
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let g = try Reference.required(inputs, 0)
    let (given, offsets) = (g.doubles, try Reference.required(inputs, 3))
    let source = try Reference.required(inputs, 1).doubles
    let weights = try Reference.required(inputs, 2).doubles
    let mask = Reference.optional(inputs, 4)?.doubles
    let geometry = DeformGeometry(conv, x: facts[0].shape, w: facts[1].shape, y: g.shape)
    var results = facts.map { [Double](repeating: 0, count: $0.shape.elementCount) }
    geometry.forEachTap(offsets) { tap in
      let factor = mask?[tap.mask] ?? 1
      for channel in geometry.channels(of: tap) {
        let plane = (tap.image * geometry.inputs + channel) * geometry.plane
        let value = tap.corners.reduce(0) { $0 + $1.weight * source[plane + $1.position] }
        // The derivative by the value that the tap reads from this channel.
        var along = 0.0
        for output in geometry.outputs(for: channel) {
          let gradient = given[(tap.image * geometry.outputs + output) * geometry.points + tap.point]
          let weight = geometry.weight(output, channel, tap.number)
          along += gradient * weights[weight]
          results[1][weight] += gradient * value * factor
        }
        for corner in tap.corners {
          results[0][plane + corner.position] += along * factor * corner.weight
          for (axis, slope) in corner.slopes.enumerated() {
            results[2][tap.offset + axis * geometry.points] +=
              along * factor * slope * source[plane + corner.position]
          }
        }
        if mask != nil { results[3][tap.mask] += along * value }
      }
    }
    return zip(facts, results).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
  }

  package var attributes: Attributes { conv.attributes }
}
