import VisionSystem
package import VisionTensor

extension Resize {
  private static var limit: Int { 1 << 40 }

  /// The extents and scale of every axis.
  func extents(_ inputs: [Fact?], _ shape: Shape) throws(ShapeError) -> [ResizeSampling.Axis] {
    let given = try ShapeRule.axes(axes ?? Array(shape.indices), rank: shape.rank)
    let scales = try ShapeRule.optional(inputs, 2, types: .floats)
    let sizes = try ShapeRule.optional(inputs, 3, types: [.int64])
    _ = try ShapeRule.constant(inputs, 2, "scales")
    var result = shape.map { ResizeSampling.Axis(input: $0, output: $0, scale: nil) }
    if let extents = try ShapeRule.constant(inputs, 3, "sizes"), sizes?.shape != [0] {
      guard scales == nil || scales?.shape == [0] else {
        throw ShapeError("only one of scales and sizes may be given")
      }
      guard extents.count == given.count, extents.allSatisfy({ $0 >= 0 && $0 < Self.limit }) else {
        throw ShapeError("sizes \(extents) do not fit input \(shape)")
      }
      for (axis, extent) in zip(given, extents) { result[axis].output = extent }
      try keepAspect(of: given, &result)
    } else if let factors = scales?.value?.doubles, !factors.isEmpty {
      guard factors.count == given.count, factors.allSatisfy({ $0 > 0 && $0 < Double(Self.limit) }) else {
        throw ShapeError("scales \(factors) do not fit input \(shape)")
      }
      for (axis, factor) in zip(given, factors) {
        // Rounded to single precision, as in other runtimes, so that 3 × 7/3 is 7.
        let output = (Float(shape[axis]) * Float(factor)).rounded(.down)
        guard output < Float(Self.limit) else {
          throw ShapeError("\(factor) × \(shape[axis]) elements are too many")
        }
        result[axis].output = Int(saturating: output)
        result[axis].scale = Float(factor)
      }
    } else {
      throw ShapeError("neither scales (input 2) nor sizes (input 3) are given")
    }
    if let axis = result.first(where: { $0.input == 0 && $0.output > 0 }) {
      throw ShapeError("an axis without elements cannot become \(axis.output)")
    }
    return result
  }

  /// Gives all the axes one scale where the ratio of their extents is kept.
  private func keepAspect(of given: [Int], _ axes: inout [ResizeSampling.Axis]) throws(ShapeError) {
    if aspect == .stretch { return }
    let scales = given.map { Float(axes[$0].output) / Float(axes[$0].input) }
    guard let scale = aspect == .notLarger ? scales.min() : scales.max(), scale.isFinite else {
      throw ShapeError("axes without elements have no ratio to be kept")
    }
    for axis in given {
      let output = (scale * Float(axes[axis].input) + 0.5).rounded(.down)
      guard output < Float(Self.limit) else {
        throw ShapeError("\(scale) × \(axes[axis].input) elements are too many")
      }
      axes[axis].output = Int(saturating: output)
      axes[axis].scale = scale
    }
  }

  /// The extents, scale and crop of every axis, where all inputs after x are known.
  package func knownAxes(_ inputs: [Fact?], _ shape: Shape) throws(ShapeError) -> [ResizeSampling.Axis] {
    var result = try extents(inputs, shape)
    guard sampling.coordinates == .tensorFlowCropAndResize else { return result }
    guard let roi = try ShapeRule.required(inputs, 1).value?.doubles else {
      throw ShapeError("roi (input 1) is not known")
    }
    let given = try ShapeRule.axes(axes ?? Array(shape.indices), rank: shape.rank)
    for (index, axis) in given.enumerated() {
      result[axis].crop = .init(start: roi[index], end: roi[index + given.count])
    }
    return result
  }
}
