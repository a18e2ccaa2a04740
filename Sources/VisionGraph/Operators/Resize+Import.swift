import VisionTensor

extension Resize {
  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
      "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode",
    ])
    if node.opset < 11 { return [try version10(node, in: graph)] }
    let policy = try node.string("keep_aspect_ratio_policy") ?? Aspect.stretch.rawValue
    guard let aspect = Aspect(rawValue: policy) else {
      throw node.unsupported("keep_aspect_ratio_policy '\(policy)'")
    }
    let resize = Resize(try sampling(node), axes: try node.ints("axes"), aspect: aspect)
    let roi = resize.sampling.coordinates == .tensorFlowCropAndResize ? node.optionalInput(1) : nil
    // Before opset 13, empty tensors represented absent inputs.
    let scales = node.optionalInput(2).flatMap { $0.shape == [0] ? nil : $0 }
    let sizes = node.optionalInput(3).flatMap { $0.shape == [0] ? nil : $0 }
    return [try graph.add(resize, node.input(0), roi, scales, sizes, name: node.name)]
  }

  private static func sampling(_ node: ImportedNode) throws(GraphError) -> ResizeSampling {
    var sampling = ResizeSampling()
    if let name = try node.string("mode") {
      guard let mode = ResizeSampling.Mode(rawValue: name) else { throw node.unsupported("mode '\(name)'") }
      sampling.mode = mode
    }
    if let name = try node.string("coordinate_transformation_mode") {
      guard let coordinates = ResizeSampling.Coordinates(rawValue: name) else {
        throw node.unsupported("coordinate_transformation_mode '\(name)'")
      }
      sampling.coordinates = coordinates
    }
    if let name = try node.string("nearest_mode") {
      guard let rounding = ResizeSampling.Rounding(rawValue: name) else {
        throw node.unsupported("nearest_mode '\(name)'")
      }
      sampling.rounding = rounding
    }
    sampling.cubicCoefficient = try node.float("cubic_coeff_a") ?? sampling.cubicCoefficient
    sampling.excludesOutside = try node.flag("exclude_outside")
    sampling.extrapolation = try node.float("extrapolation_value") ?? 0
    sampling.antialiases = try node.flag("antialias")
    if sampling.antialiases, sampling.mode == .nearest {
      throw node.unsupported("antialias with mode 'nearest'")
    }
    return sampling
  }

  /// Opset 10: scales only, positions x / scale. Nearest rounds positions down when enlarging, up when
  /// shrinking.
  private static func version10(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> Value {
    try node.allowAttributes(["mode"])
    var sampling = try sampling(node)
    sampling.coordinates = .asymmetric
    sampling.rounding = .floor
    let scales = try node.input(1)
    let factors = scales.fact.value?.doubles ?? []
    if sampling.mode == .nearest, factors.contains(where: { $0 < 1 }) {
      if factors.contains(where: { $0 > 1 }) {
        throw node.unsupported("mode 'nearest' with scales both above and below 1")
      }
      sampling.rounding = .ceil
    }
    return try graph.add(Resize(sampling), node.input(0), nil, scales, name: node.name)
  }
}
