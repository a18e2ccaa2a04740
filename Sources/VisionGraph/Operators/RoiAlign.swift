import VisionSystem
public import VisionTensor

/// y[r, c] = the region r of channel c, cut into bins; of each, the mean or the maximum of samples between elements of x. ONNX
/// RoiAlign, opset 16.
///
/// Inputs: x N×C×H×W; regions R×4 (left, top, right, bottom) of the same floating-point type; the number of each region's image,
/// int64. Output: R×C×height×width.
public struct RoiAlign: Operator {
  /// What is made of the samples of a bin.
  public enum Mode: String, Sendable {
    /// Their mean.
    case average = "avg"
    /// The largest product of an element next to a sample and its weight, as ONNX defines it.
    case maximum = "max"
  }

  public static let name = "RoiAlign"
  /// Samples of a bin along an axis: a region far larger than any image would need more.
  package static let sampleLimit = 1 << 16
  /// The most that `samples` may ask for.
  private static let givenLimit = 1024
  public var mode: Mode
  /// The bins.
  public var height: Int
  public var width: Int
  /// The samples of each bin along each axis; 0 for as many as the bin has elements, rounded up.
  public var samples: Int
  /// Elements of x for each unit in which regions are given.
  public var scale: Float
  /// Whether elements have their centers at half numbers; if not, regions have at least one element.
  public var isHalfPixel: Bool

  public init(
    mode: Mode = .average, height: Int = 1, width: Int = 1, samples: Int = 0, scale: Float = 1,
    isHalfPixel: Bool = true
  ) {
    self.mode = mode
    self.height = height
    self.width = width
    self.samples = samples
    self.scale = scale
    self.isHalfPixel = isHalfPixel
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let regions = try ShapeRule.required(inputs, 1, types: [x.type])
    let images = try ShapeRule.required(inputs, 2, types: [.int64])
    guard x.shape.rank == 4, regions.shape.rank == 2, regions.shape[1] == 4,
      images.shape == [regions.shape[0]]
    else {
      throw ShapeError(
        "regions \(regions.shape) and image numbers \(images.shape) do not fit input \(x.shape): R×4, R and N×C×H×W"
      )
    }
    guard x.shape[2] > 0, x.shape[3] > 0 else { throw ShapeError("input \(x.shape) has no element") }
    guard height > 0, width > 0, samples >= 0, samples <= Self.givenLimit else {
      throw ShapeError("\(height)×\(width) bins of \(samples) samples are not possible")
    }
    return [
      Fact(x.type, try ShapeRule.shape([regions.shape[0], x.shape[1], height, width], "the output"))
    ]
  }

  /// The samples of a bin that are not outside of x, each with the four elements around it and their weights.
  package struct Bin {
    package var samples: [[(position: Int, weight: Double)]]
    /// All samples, with those outside, which are 0.
    package var count: Int
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let fact = try resolved(inputs)[0]
    let (source, channels, plane) = (x.doubles, x.shape[1], x.shape[2] * x.shape[3])
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    try forEachBin(x.shape, Reference.required(inputs, 1), Reference.required(inputs, 2)) {
      region, image, place, bin in
      for channel in 0..<channels {
        let start = (image * channels + channel) * plane
        let target = (region * channels + channel) * height * width + place
        var products = bin.samples.map { $0.map { $0.weight * source[start + $0.position] } }
        switch mode {
        case .average:
          result[target] = products.reduce(0) { $0 + $1.reduce(0, +) } / Double(max(bin.count, 1))
        case .maximum:
          if bin.samples.count < bin.count { products.append([0]) }
          result[target] = products.joined().max() ?? 0
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  /// Calls `body` with the region, its image, the number of the bin and the bin, for every bin of every region.
  package func forEachBin(
    _ x: Shape, _ regions: Tensor, _ images: Tensor, _ body: (Int, Int, Int, Bin) -> Void
  ) throws(EvaluationError) {
    let sides = regions.doubles
    for (region, image) in images.integers.enumerated() {
      guard image >= 0, image < x[0] else {
        throw EvaluationError("region \(region) is of image \(image), but there are \(x[0])")
      }
      let side = Array(sides[(region * 4)..<(region * 4 + 4)])
      if regions.elementType == .float64 {
        try bins(of: region, side, x) { body(region, image, $0, $1) }
      } else {
        try bins(of: region, side.map { Float($0) }, x) { body(region, image, $0, $1) }
      }
    }
  }

  private func bins<Number: BinaryFloatingPoint>(
    of region: Int, _ side: [Number], _ x: Shape, _ body: (Int, Bin) -> Void
  ) throws(EvaluationError) {
    func axis(_ first: Int, _ bins: Int) -> RegionAxis<Number> {
      RegionAxis(
        from: side[first], to: side[first + 2], scale: scale, bins: bins, samples: samples,
        isHalfPixel: isHalfPixel)
    }
    let (columns, rows) = (axis(0, width), axis(1, height))
    guard columns.samples <= Self.sampleLimit, rows.samples <= Self.sampleLimit else {
      throw Self.tooLarge(region)
    }
    for place in 0..<(height * width) {
      let across = columns.samples(ofBin: place % width, extent: x[3])
      var bin = Bin(samples: [], count: rows.samples * columns.samples)
      for y in rows.samples(ofBin: place / width, extent: x[2]) {
        for z in across {
          bin.samples.append([
            (y.low * x[3] + z.low, Double((1 - y.part) * (1 - z.part))),
            (y.low * x[3] + z.high, Double((1 - y.part) * z.part)),
            (y.high * x[3] + z.low, Double(y.part * (1 - z.part))),
            (y.high * x[3] + z.high, Double(y.part * z.part)),
          ])
        }
      }
      body(place, bin)
    }
  }

  /// The error for a region of far too many samples.
  package static func tooLarge(_ region: Int) -> EvaluationError {
    EvaluationError("region \(region) needs more than \(sampleLimit) samples a bin along an axis")
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(1) { throw node.notDifferentiable("regions") }
    return try node.wanted { (_, x) throws(GraphError) in
      try node.add(RoiAlignGradient(self), node.gradient, x, node.input(1), node.input(2))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let known: Set = ["mode", "output_height", "output_width", "sampling_ratio", "spatial_scale"]
    try node.allowAttributes(node.opset < 16 ? known : known.union(["coordinate_transformation_mode"]))
    try node.allowInputs(atMost: 3)
    let name = try node.string("mode") ?? Mode.average.rawValue
    guard let mode = Mode(rawValue: name) else { throw node.unsupported("mode '\(name)'") }
    // Before opset 16, regions were not moved by half an element.
    let coordinates =
      try node.string("coordinate_transformation_mode")
      ?? (node.opset < 16 ? "output_half_pixel" : "half_pixel")
    guard coordinates == "half_pixel" || coordinates == "output_half_pixel" else {
      throw node.unsupported("coordinate_transformation_mode '\(coordinates)'")
    }
    let op = RoiAlign(
      mode: mode, height: try node.int("output_height") ?? 1, width: try node.int("output_width") ?? 1,
      samples: try node.int("sampling_ratio") ?? 0, scale: try node.float("spatial_scale") ?? 1,
      isHalfPixel: coordinates == "half_pixel")
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    [
      "coordinate_transformation_mode": .string(isHalfPixel ? "half_pixel" : "output_half_pixel"),
      "mode": .string(mode.rawValue), "output_height": .int(height), "output_width": .int(width),
      "sampling_ratio": .int(samples), "spatial_scale": .float(scale),
    ]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(8, max(samples, 2), max(samples, 2), outputs[0].shape.elementCount)
  }
}
