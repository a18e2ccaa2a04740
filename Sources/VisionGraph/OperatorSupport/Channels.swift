package import VisionTensor

extension ShapeRule {
  /// Checks that an input holds one number of the type of `x` for each of its channels.
  package static func channels(_ inputs: [Fact?], _ index: Int, _ meaning: String, of x: Fact)
    throws(ShapeError)
  {
    let fact = try required(inputs, index, types: [x.type])
    guard fact.shape == [x.shape[1]] else {
      throw ShapeError("\(meaning) \(fact.shape) does not fit input \(x.shape): it is not \(x.shape[1])")
    }
  }
}

extension Reference {
  /// values · scale + bias by channel, for values of the shape N×C×….
  package static func scale(_ values: inout [Double], by scale: [Double], plus bias: [Double], shape: Shape) {
    let plane = shape.dimensions.dropFirst(2).reduce(1, *)
    for index in values.indices {
      let channel = index / plane % scale.count
      values[index] = values[index] * scale[channel] + bias[channel]
    }
  }
}
