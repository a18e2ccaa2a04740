import VisionSystem
import VisionTensor

/// How resizing determines, along one axis, the input elements that contribute to an output element.
public struct ResizeSampling: Sendable, Hashable {
  /// The kind of interpolation.
  public enum Mode: String, Sendable { case nearest, linear, cubic }

  /// The mapping from output to input positions: ONNX's `coordinate_transformation_mode`.
  public enum Coordinates: String, Sendable {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
    case tensorFlowHalfPixelForNearest = "tf_half_pixel_for_nn"
    case tensorFlowCropAndResize = "tf_crop_and_resize"
  }

  /// How `nearest` rounds.
  public enum Rounding: String, Sendable {
    case roundPreferFloor = "round_prefer_floor"
    case roundPreferCeil = "round_prefer_ceil"
    case floor, ceil
  }

  public var mode: Mode
  public var coordinates: Coordinates
  public var rounding: Rounding
  /// The coefficient a of cubic interpolation: -0.75 in PyTorch, -0.5 in TensorFlow.
  public var cubicCoefficient: Float
  /// Whether taps outside the input have weight 0; otherwise the border is repeated.
  public var excludesOutside: Bool
  /// The value of elements outside the input with `tensorFlowCropAndResize`.
  public var extrapolation: Float
  /// Whether `linear` and `cubic` widen their filter when they shrink, so that no element is passed over.
  public var antialiases: Bool

  public init(
    mode: Mode = .nearest, coordinates: Coordinates = .halfPixel, rounding: Rounding = .roundPreferFloor,
    cubicCoefficient: Float = -0.75, excludesOutside: Bool = false, extrapolation: Float = 0,
    antialiases: Bool = false
  ) {
    self.mode = mode
    self.coordinates = coordinates
    self.rounding = rounding
    self.cubicCoefficient = cubicCoefficient
    self.excludesOutside = excludesOutside
    self.extrapolation = extrapolation
    self.antialiases = antialiases
  }

  /// One axis of a resize.
  package struct Axis: Sendable {
    package var input: Int
    package var output: Int
    /// The scale factor, output per input, as given, which may differ from the ratio of the extents; nil
    /// means that ratio.
    package var scale: Float?
    /// The part of the input that `tensorFlowCropAndResize` reads, in units of the whole axis.
    package var crop: ClosedCrop = .init(start: 0, end: 1)
  }

  /// A part of an axis; an end before the start mirrors it.
  package struct ClosedCrop: Sendable {
    package var start: Double
    package var end: Double
  }

  /// For every output element, the input elements with their weights; nil where the extrapolation value is
  /// used.
  package typealias Taps = [[(index: Int, weight: Double)]?]

  package func taps(_ axis: Axis) -> Taps {
    let isIdentity = axis.input == axis.output && (axis.scale ?? 1) == 1
    if isIdentity, coordinates != .tensorFlowCropAndResize {
      return (0..<axis.output).map { [($0, 1)] }
    }
    return (0..<axis.output).map { x in
      let at: Double = coordinate(x, axis)
      if coordinates == .tensorFlowCropAndResize, at < 0 || at > Double(axis.input - 1) { return nil }
      switch mode {
      case .nearest:
        // In single precision, like other runtimes, because rounding to another element would change the
        // result.
        return [(clamped(rounded(coordinate(x, axis) as Float), axis.input), 1)]
      case .linear, .cubic:
        let scale = axis.scale.map { Double($0) } ?? Double(axis.output) / Double(axis.input)
        if antialiases, scale < 1 { return widened(at, scale, axis.input) }
        let first = at.rounded(.down)
        return mode == .linear
          ? weighted(first, [1 - (at - first), at - first], axis.input)
          : weighted(first - 1, cubicWeights(at - first), axis.input)
      }
    }
  }

  /// The elements under a filter that is wider by the factor 1 / scale, with weights whose sum is 1.
  private func widened(_ at: Double, _ scale: Double, _ extent: Int) -> [(index: Int, weight: Double)] {
    let reach = (mode == .linear ? 1 : 2) / scale
    let (before, after) = ((-reach).rounded(.down) + 1, reach.rounded(.up))
    // A point that is an element counts as the end of the interval before it.
    let base = at.rounded(.up) - 1
    let weights = stride(from: before, through: after, by: 1).map { offset in
      filter(abs(base + offset - at) * scale)
    }
    let total = weights.reduce(0, +)
    return weighted(base + before, weights.map { $0 / total }, extent)
  }

  /// The weight of an element at a distance from the point.
  private func filter(_ distance: Double) -> Double {
    if mode == .linear { return max(1 - distance, 0) }
    return distance <= 1 ? near(distance) : distance < 2 ? far(distance) : 0
  }

  private func weighted(_ first: Double, _ weights: [Double], _ extent: Int)
    -> [(index: Int, weight: Double)]
  {
    var taps: [(index: Int, weight: Double)] = []
    for (offset, weight) in weights.enumerated() {
      let index = first + Double(offset)
      if excludesOutside, index < 0 || index >= Double(extent) { continue }
      taps.append((clamped(index, extent), weight))
    }
    guard excludesOutside else { return taps }
    let total = taps.reduce(0) { $0 + $1.weight }
    return taps.map { ($0.index, $0.weight / total) }
  }

  /// The weights of Keys' cubic convolution for a point at distance `t` after the second of four elements.
  private func cubicWeights(_ t: Double) -> [Double] { [far(t + 1), near(t), near(1 - t), far(2 - t)] }

  /// Keys' function at a distance up to 1, and at one from 1 to 2.
  private func near(_ d: Double) -> Double {
    let a = Double(cubicCoefficient)
    return ((a + 2) * d - (a + 3)) * d * d + 1
  }

  private func far(_ d: Double) -> Double {
    let a = Double(cubicCoefficient)
    return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
  }

  private func coordinate<Number: BinaryFloatingPoint>(_ x: Int, _ axis: Axis) -> Number {
    let (input, output) = (Number(axis.input), Number(axis.output))
    let scale = axis.scale.map { Number($0) } ?? output / input
    let x = Number(x)
    switch coordinates {
    case .halfPixel: return (x + 0.5) / scale - 0.5
    case .halfPixelSymmetric:
      let adjustment = output / (scale * input)
      return input / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
    case .pytorchHalfPixel: return output > 1 ? (x + 0.5) / scale - 0.5 : 0
    case .alignCorners: return output > 1 ? x * (input - 1) / (output - 1) : 0
    case .asymmetric: return x / scale
    case .tensorFlowHalfPixelForNearest: return (x + 0.5) / scale
    case .tensorFlowCropAndResize:
      let (start, end) = (Number(axis.crop.start), Number(axis.crop.end))
      return output > 1
        ? start * (input - 1) + x * (end - start) * (input - 1) / (output - 1)
        : (start + end) * (input - 1) / 2
    }
  }

  private func rounded(_ at: Float) -> Double {
    switch rounding {
    case .roundPreferFloor: Double((at - 0.5).rounded(.up))
    case .roundPreferCeil: Double((at + 0.5).rounded(.down))
    case .floor: Double(at.rounded(.down))
    case .ceil: Double(at.rounded(.up))
    }
  }

  private func clamped(_ index: Double, _ extent: Int) -> Int {
    index.isNaN ? 0 : Int(saturating: min(max(index, 0), Double(extent - 1)))
  }
}
