import VisionSystem
public import VisionTensor

/// y = x resized to other extents; each axis is sampled separately. ONNX Resize, opset 13
/// (`axes`, `antialiases` and `aspect`: 18; `half_pixel_symmetric`: 19).
///
/// Inputs: x (any numbers or bool for `nearest`, else a floating-point type); optional roi (starts, then
/// ends; only `tensorFlowCropAndResize` reads it); then either constant scales, one for each axis, or
/// constant sizes, int64.
public struct Resize: Operator {
  /// What becomes of sizes that would change the ratio of the extents: ONNX's `keep_aspect_ratio_policy`.
  public enum Aspect: String, Sendable {
    /// The ratio changes.
    case stretch
    /// All axes get the smallest scale, so that no extent is larger than its size.
    case notLarger = "not_larger"
    /// All axes get the largest scale.
    case notSmaller = "not_smaller"
  }

  public static let name = "Resize"
  public static let constantInputs: Set = [1, 2, 3]
  public var sampling: ResizeSampling
  /// The axes that the inputs after x are about, negative ones counted from the end; nil for all.
  public var axes: [Int]?
  public var aspect: Aspect

  public init(_ sampling: ResizeSampling, axes: [Int]? = nil, aspect: Aspect = .stretch) {
    self.sampling = sampling
    self.axes = axes
    self.aspect = aspect
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let crops = sampling.coordinates == .tensorFlowCropAndResize
    let x = try ShapeRule.required(
      inputs, 0, types: sampling.mode == .nearest && !crops ? .all : .floats)
    if crops {
      let count = axes?.count ?? x.shape.rank
      let roi = try ShapeRule.required(inputs, 1, types: .floats)
      guard roi.shape == [2 * count] else {
        throw ShapeError("roi \(roi.shape) must be \(2 * count) numbers for input \(x.shape)")
      }
    }
    return [Fact(x.type, Shape(try extents(inputs, x.shape).map(\.output)))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let axes: [ResizeSampling.Axis]
    do {
      axes = try knownAxes(inputs.map { $0.map(Fact.init(constant:)) }, x.shape)
    } catch { throw EvaluationError(error.message) }
    // If the result has no elements, its other axes may have any length.
    if shape.elementCount == 0 { return [Reference.gather(x, [], shape: shape)] }
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
      try node.add(ResizeGradient(self), [node.gradient, node.shape(of: x)] + node.inputs.dropFirst())[0]
    ]
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int {
    if sampling.coordinates == .halfPixelSymmetric { return 19 }
    return axes != nil || aspect != .stretch || sampling.antialiases ? 18 : 0
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
    // These do not exist before opset 18, so they are written only when they differ from the default.
    if let axes { attributes["axes"] = .ints(axes) }
    if aspect != .stretch { attributes["keep_aspect_ratio_policy"] = .string(aspect.rawValue) }
    if sampling.antialiases { attributes["antialias"] = .int(1) }
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
