public import VisionGraph
import VisionLayers
import VisionSystem
import VisionTensor

/// The layers that make a detector of a backbone: a feature pyramid in both directions and a small tower for each of
/// its levels, all of separable convolutions, without anchor boxes.
///
/// Sources: Liu et al., "Path Aggregation Network", 2018 (pyramid in both directions); Yu et al., "PP-PicoDet", 2021
/// (separable convolutions, one tower for classes and boxes); Li et al., "Generalized Focal Loss", 2020 (distributions
/// of distances).
public struct DetectionHead: Sendable, Hashable {
  /// Pixels of the input for a cell of each level, the finest first; each twice the one before.
  public var strides: [Int]
  /// B, the bins of a side's distribution.
  public var bins: Int
  /// The channels of the pyramid.
  public var channels: Int
  /// The sides of the depthwise kernels.
  public var kernel: Int
  /// The convolutions of a tower.
  public var depth: Int
  /// M, the most objects that an image has.
  public var objects: Int
  /// How scores are compared in the loss.
  public var comparison: DetectionLoss.Comparison

  public init(
    strides: [Int] = [8, 16, 32], bins: Int = 16, channels: Int = 96, kernel: Int = 5, depth: Int = 2,
    objects: Int = 100, comparison: DetectionLoss.Comparison = .crossEntropy
  ) {
    (self.strides, self.bins, self.channels, self.kernel) = (strides, bins, channels, kernel)
    (self.depth, self.objects, self.comparison) = (depth, objects, comparison)
  }

  /// The head of a model with these details; the default where they say nothing usable.
  init(_ details: [String: JSON]) {
    self.init()
    if case .integer(let bins)? = details["bins"], (2...256).contains(bins) { self.bins = bins }
    if case .array(let items)? = details["strides"] {
      let strides = items.compactMap { if case .integer(let stride) = $0, stride > 0 { stride } else { nil } }
      if !strides.isEmpty, strides.count == items.count { self.strides = strides }
    }
  }

  /// What a model's signature says of it.
  var details: [String: JSON] {
    ["strides": .array(strides.map { .integer($0) }), "bins": .integer(bins)]
  }

  func loss(classes: Int, grid: DetectionGrid) -> DetectionLoss {
    DetectionLoss(grid: grid, classes: classes, bins: bins, objects: objects, comparison: comparison)
  }

  /// The share of places with an object that scores begin with, so that the many places without one do not drown the
  /// others in the first steps. Source: Lin et al., "Focal Loss for Dense Object Detection", 2017, section 4.1.
  private static let prior = 0.01
  /// The bias that gives this share.
  static let startingOdds = Float(Libm.log(prior / (1 - prior)))
  /// The standard deviation of the last layers' random weights.
  static let startingDeviation: Float = 0.05

  /// The distance of sides in strides that boxes begin with. It makes them as large as the objects that a level is
  /// best for; with equal shares of all bins, no box would overlap a small object enough to learn from it.
  private static let distance = 2.0

  /// The numbers for each place, N×A×(K + 4B).
  func raw(on features: FeatureLevels, classes: Int, grid: DetectionGrid) throws(GraphError) -> Value {
    let levels = try pyramid(features)
    var parts: [Value] = []
    for (stride, level) in zip(strides, levels) {
      let (rows, columns) = grid.extents(stride)
      guard Array(level.shape.dropFirst(2)) == [rows, columns] else {
        throw GraphError(
          .shape, "the features of stride \(stride) are \(level.shape), not \(rows)×\(columns)",
          place: level.graph.path)
      }
      var tower = level
      for index in 0..<depth {
        tower = try SeparableConv(filters: channels, kernel: kernel).named("tower\(stride).\(index)")(tower)
      }
      // Shares that fall by a constant ratio have the mean ratio / (1 − ratio).
      let fall = Float(Libm.log(Self.distance / (1 + Self.distance)))
      let falling = (0..<bins).map { Float($0) * fall }
      let logits = try Conv2D(
        classes, kernel: 1, initializer: .normal(Self.startingDeviation),
        biasInitializer: .repeated([Self.startingOdds])
      ).named("classes\(stride)")(tower)
      let sides = try Conv2D(
        4 * bins, kernel: 1, initializer: .normal(Self.startingDeviation), biasInitializer: .repeated(falling)
      )
      .named("boxes\(stride)")(tower)
      parts.append(
        try level.graph.add(
          Concat(axis: 2), rows: rows * columns, [logits, sides],
          name: level.graph.path(to: "places\(stride)")))
    }
    return try parts[0].graph.add(Concat(axis: 1), parts, name: parts[0].graph.path(to: "raw"))[0]
  }

  /// Feature maps with the same number of channels in which each level knows of all others.
  private func pyramid(_ features: FeatureLevels) throws(GraphError) -> [Value] {
    guard features.levels.map(\.stride) == strides, !strides.isEmpty else {
      throw GraphError(
        .structure,
        "a detector needs features of the strides \(strides), not \(features.levels.map(\.stride))")
    }
    var levels: [Value] = []
    for (stride, value) in features.levels {
      let lateral = Sequential {
        Conv2D(channels, kernel: 1, bias: false).named("conv")
        BatchNorm().named("norm")
        ReLU().named("relu")
      }
      levels.append(try lateral.named("lateral\(stride)")(value))
    }
    for index in levels.indices.dropLast().reversed() {
      let (fine, coarse) = (levels[index], levels[index + 1])
      let sum = try fine.graph.add(
        Add(), fine, coarse.enlarged(to: fine), name: fine.graph.path(to: "down\(strides[index]).add"))
      levels[index] = try SeparableConv(filters: channels, kernel: kernel).named("down\(strides[index])")(sum)
    }
    for index in levels.indices.dropFirst() {
      let stride = strides[index]
      let reduced = try SeparableConv(filters: channels, kernel: kernel, stride: 2)
        .named("reduce\(stride)")(levels[index - 1])
      let sum = try reduced.graph.add(
        Add(), levels[index], reduced, name: reduced.graph.path(to: "up\(stride).add"))
      levels[index] = try SeparableConv(filters: channels, kernel: kernel).named("up\(stride)")(sum)
    }
    return levels
  }
}

extension GraphBuilder {
  /// Feature maps N×C×H×W of one level, channel by channel, as rows N×HW×C, side by side.
  fileprivate func add(_ joint: Concat, rows: Int, _ maps: [Value], name: String) throws(GraphError) -> Value
  {
    var parts: [Value] = []
    for map in maps {
      let turned = try add(Transpose([0, 2, 3, 1]), map, name: "\(name).turned")
      let shape = constant(Tensor([0, Int64(rows), Int64(map.shape[1])]), name: "\(name).shape")
      parts.append(try add(Reshape(), turned, shape, name: "\(name).rows"))
    }
    return try add(joint, parts, name: name)[0]
  }
}

extension Value {
  /// The feature map with each element repeated, with the sides of a finer one.
  fileprivate func enlarged(to finer: Value) throws(GraphError) -> Value {
    let sampling = ResizeSampling(mode: .nearest, coordinates: .asymmetric, rounding: .floor)
    let name = graph.path(to: "enlarged")
    if finer.shape[2] == 2 * shape[2], finer.shape[3] == 2 * shape[3] {
      let scales = graph.constant(Tensor([1, 1, 2, 2] as [Float]), name: "scales")
      return try graph.add(Resize(sampling), self, nil, scales, name: name)
    }
    let sides = graph.constant(Tensor([Int64(finer.shape[2]), Int64(finer.shape[3])]), name: "sides")
    return try graph.add(Resize(sampling, axes: [2, 3]), self, nil, nil, sides, name: name)
  }
}
