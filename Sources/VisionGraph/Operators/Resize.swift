import VisionSystem
public import VisionTensor

/// y = x resized to other extents; each axis is sampled separately. ONNX Resize, opset 13
/// (`half_pixel_symmetric`: 19).
///
/// Inputs: x (any numbers or bool for `nearest`, else a floating-point type); optional roi (starts, then
/// ends; only `tensorFlowCropAndResize` reads it); then either constant scales, one for each axis, or
/// constant sizes, int64.
public struct Resize: Operator {
  public static let name = "Resize"
  public static let constantInputs: Set = [1, 2, 3]
  public var sampling: ResizeSampling

  public init(_ sampling: ResizeSampling) { self.sampling = sampling }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let crops = sampling.coordinates == .tensorFlowCropAndResize
    let x = try ShapeRule.required(
      inputs, 0, types: sampling.mode == .nearest && !crops ? .all : .floats)
    if crops {
      let roi = try ShapeRule.required(inputs, 1, types: .floats)
      guard roi.shape == [2 * x.shape.rank] else {
        throw ShapeError("roi \(roi.shape) must be \(2 * x.shape.rank) numbers for input \(x.shape)")
      }
    }
    return [Fact(x.type, Shape(try axes(inputs, x.shape).map(\.output)))]
  }

  /// The extents and scale of every axis.
  package func axes(_ inputs: [Fact?], _ shape: Shape) throws(ShapeError) -> [ResizeSampling.Axis] {
    let scales = try ShapeRule.optional(inputs, 2, types: .floats)
    let sizes = try ShapeRule.optional(inputs, 3, types: [.int64])
    _ = try ShapeRule.constant(inputs, 2, "scales")
    let limit = 1 << 40
    var axes: [ResizeSampling.Axis] = []
    if let extents = try ShapeRule.constant(inputs, 3, "sizes"), sizes?.shape != [0] {
      guard scales == nil || scales?.shape == [0] else {
        throw ShapeError("only one of scales and sizes may be given")
      }
      guard extents.count == shape.rank, extents.allSatisfy({ $0 >= 0 && $0 < limit }) else {
        throw ShapeError("sizes \(extents) do not fit input \(shape)")
      }
      axes = zip(shape, extents).map { ResizeSampling.Axis(input: $0, output: $1, scale: nil) }
    } else if let factors = scales?.value?.doubles, !factors.isEmpty {
      guard factors.count == shape.rank, factors.allSatisfy({ $0 > 0 && $0 < Double(limit) }) else {
        throw ShapeError("scales \(factors) do not fit input \(shape)")
      }
      for (extent, factor) in zip(shape, factors) {
        // Rounded to single precision, as in other runtimes, so that 3 × 7/3 is 7.
        let output = (Float(extent) * Float(factor)).rounded(.down)
        guard output < Float(limit) else { throw ShapeError("\(factor) × \(extent) elements are too many") }
        axes.append(ResizeSampling.Axis(input: extent, output: Int(saturating: output), scale: Float(factor)))
      }
    } else {
      throw ShapeError("neither scales (input 2) nor sizes (input 3) are given")
    }
    if let axis = axes.first(where: { $0.input == 0 && $0.output > 0 }) {
      throw ShapeError("an axis without elements cannot become \(axis.output)")
    }
    return axes
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    var axes: [ResizeSampling.Axis]
    do {
      axes = try self.axes(inputs.map { $0.map(Fact.init(constant:)) }, x.shape)
    } catch { throw EvaluationError(error.message) }
    // If the result has no elements, its other axes may have any length.
    if shape.elementCount == 0 { return [Reference.gather(x, [], shape: shape)] }
    if sampling.coordinates == .tensorFlowCropAndResize {
      let roi = try Reference.required(inputs, 1).doubles
      for axis in axes.indices {
        axes[axis].crop = .init(start: roi[axis], end: roi[axis + axes.count])
      }
    }
    if sampling.mode == .nearest, sampling.coordinates != .tensorFlowCropAndResize {
      return [nearest(x, axes, shape)]
    }
    // Axis by axis. An element outside the crop along one axis gets the extrapolation value. Axes that shrink
    // come first, so that no intermediate tensor is larger than both x and y.
    var values = x.doubles
    var extents = x.shape
    let order = axes.indices.sorted { a, b in
      Double(axes[a].output) / Double(axes[a].input) < Double(axes[b].output) / Double(axes[b].input)
    }
    for axis in order {
      let taps = sampling.taps(axes[axis])
      let source = values
      let strides = extents.strides
      extents[axis] = axes[axis].output
      var steps = strides
      steps[axis] = 0
      let starts = Reference.indices(extents, steps: steps)
      let inner = extents.dimensions.dropFirst(axis + 1).reduce(1, *)
      values = starts.enumerated().map { index, start in
        guard let taps = taps[index / inner % extents[axis]] else { return Double(sampling.extrapolation) }
        return taps.reduce(0) { $0 + $1.weight * source[start + $1.index * strides[axis]] }
      }
    }
    return [Tensor(doubles: values, shape: shape, elementType: x.elementType)]
  }

  private func nearest(_ x: Tensor, _ axes: [ResizeSampling.Axis], _ shape: Shape) -> Tensor {
    let sources = axes.map { sampling.taps($0).map { $0?[0].index ?? 0 } }
    let strides = x.shape.strides
    var positions: [Int] = []
    positions.reserveCapacity(shape.elementCount)
    Reference.forEachCoordinate(shape) { at in
      positions.append(at.indices.reduce(0) { $0 + sources[$1][at[$1]] * strides[$1] })
    }
    return Reference.gather(x, positions, shape: shape)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(1) || node.isWanted(2) { throw node.notDifferentiable("roi and scales") }
    let x = try node.input(0)
    return [
      try node.add(ResizeGradient(sampling), [node.gradient, node.shape(of: x)] + node.inputs.dropFirst())[0]
    ]
  }

  public var attributes: Attributes {
    var attributes: Attributes = [
      "coordinate_transformation_mode": .string(sampling.coordinates.rawValue),
      "mode": .string(sampling.mode.rawValue),
      "nearest_mode": .string(sampling.rounding.rawValue),
      "cubic_coeff_a": .float(sampling.cubicCoefficient),
      "exclude_outside": .int(sampling.excludesOutside ? 1 : 0),
    ]
    if sampling.coordinates == .tensorFlowCropAndResize {
      attributes["extrapolation_value"] = .float(sampling.extrapolation)
    }
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let taps: Int =
      switch sampling.mode {
      case .nearest: 0
      case .linear: 2
      case .cubic: 4
      }
    return 2 * taps * outputs[0].shape.elementCount * 2
  }
}
