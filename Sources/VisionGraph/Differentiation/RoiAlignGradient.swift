import VisionSystem
package import VisionTensor

/// The gradient of RoiAlign with respect to its input.
///
/// Inputs: g of the shape of the output; x, regions and image numbers as RoiAlign has them.
package struct RoiAlignGradient: InternalOperator {
  package static let name = "RoiAlignGradient"
  package let align: RoiAlign

  package init(_ align: RoiAlign) { self.align = align }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 1)
    try ShapeRule.same(inputs, 0, as: align.outputs(Array(inputs.dropFirst()))[0])
    return [Fact(x.type, x.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let source = try Reference.required(inputs, 1).doubles
    let (shape, bins) = (fact.shape, align.height * align.width)
    var result = [Double](repeating: 0, count: shape.elementCount)
    try align.forEachBin(shape, Reference.required(inputs, 2), Reference.required(inputs, 3)) {
      region, image, place, bin in
      for channel in 0..<shape[1] {
        let start = (image * shape[1] + channel) * shape[2] * shape[3]
        let given = g[(region * shape[1] + channel) * bins + place]
        switch align.mode {
        case .average:
          for corner in bin.samples.joined() {
            result[start + corner.position] += given * corner.weight / Double(max(bin.count, 1))
          }
        case .maximum:
          let best = bin.samples.joined().max {
            $0.weight * source[start + $0.position] < $1.weight * source[start + $1.position]
          }
          guard let best else { continue }
          // A sample outside is 0, and the largest then if all others are negative.
          let isOutside = bin.samples.count < bin.count && best.weight * source[start + best.position] < 0
          if !isOutside { result[start + best.position] += given * best.weight }
        }
      }
    }
    return [Tensor(doubles: result, shape: shape, elementType: fact.type)]
  }

  package var attributes: Attributes { align.attributes }
}
