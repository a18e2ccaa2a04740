/// A named preprocessing, for networks whose input size is known only from their files.
///
/// The numbers come from torchvision's presets for classification, `timm/data/constants.py` and OpenAI's
/// CLIP.
public enum PreprocessingPreset: String, Sendable, Hashable, CaseIterable {
  /// ImageNet as in torchvision: the shorter side resized to 256/224 of the network's, bilinear, center crop,
  /// RGB in 0...1 minus (0.485, 0.456, 0.406), divided by (0.229, 0.224, 0.225).
  case imageNet = "imagenet"
  /// Inception as in timm: the shorter side resized to ⌊S / 0.875⌋, bicubic, center crop, RGB in −1...1.
  case imageNetInception = "imagenet-inception"
  /// CLIP as published by OpenAI: the shorter side resized to the network's, bicubic, center crop, RGB in
  /// 0...1 minus (0.48145466, 0.4578275, 0.40821073), divided by (0.26862954, 0.26130258, 0.27577711).
  case clip
  /// The whole image squashed to the network's input size, bilinear, values in 0...1.
  case zeroToOne = "zero-to-one"
  /// The whole image squashed to the network's input size, bilinear, unscaled values 0...255.
  case bytes

  /// The sides for a network that leaves them open.
  public static let openSide = 224

  /// A description on one line.
  public var summary: String {
    switch self {
    case .imageNet: "shorter side to 256/224, middle, mean and deviation of ImageNet (torchvision)"
    case .imageNetInception: "shorter side to 1/0.875, middle, bicubic, values in -1...1 (timm)"
    case .clip: "shorter side to the network's, middle, bicubic, mean and deviation of CLIP"
    case .zeroToOne: "whole image squashed, values in 0...1"
    case .bytes: "whole image squashed, values 0...255 unscaled"
    }
  }

  /// Mean and deviation of each channel, for values in 0...1; nil for unscaled values.
  private var normalization: (mean: [Double], deviation: [Double])? {
    switch self {
    case .imageNet: ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    case .imageNetInception: ([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
    case .clip:
      ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
    case .zeroToOne: ([0, 0, 0], [1, 1, 1])
    case .bytes: nil
    }
  }

  /// The preprocessing for a network.
  ///
  /// If only one side is open, it equals the other. If height and width differ, presets with a center crop
  /// use the largest part with the network's aspect ratio, times the same fraction, since their sources
  /// define only squares.
  ///
  /// - Parameters:
  ///   - height: H of the network's input; nil if it is open.
  ///   - width: W of the network's input; nil if it is open.
  ///   - channels: C of the network's input; nil if it is open, which means 3.
  /// - Throws: `ImageError` with code `invalidPreprocessing` for sides outside 1...8192, for channels other
  ///   than 1 and 3, and for 1 channel if the preset's numbers differ between channels.
  public func resolved(height: Int?, width: Int?, channels: Int?) throws(ImageError) -> Preprocessing {
    let rows = height ?? width ?? Self.openSide
    let columns = width ?? height ?? Self.openSide
    for (key, side) in [("width", columns), ("height", rows)] where !Preprocessing.sides.contains(side) {
      throw ImageError(
        .invalidPreprocessing, "\(side) is not between 1 and \(Preprocessing.sides.upperBound)", place: key)
    }
    let order = try order(channels: channels ?? ChannelOrder.rgb.count)
    func numbers(_ values: [Double]) -> [Double] { Array(values.prefix(order.count)) }
    let scale = normalization == nil ? 1 : 1.0 / 255
    return try Preprocessing(
      width: columns, height: rows, fit: fit(width: columns, height: rows),
      filter: self == .clip || self == .imageNetInception ? .bicubic : .bilinear, channels: order,
      scale: [Double](repeating: scale, count: order.count), mean: normalization.map { numbers($0.mean) },
      deviation: normalization.map { numbers($0.deviation) })
  }

  private func order(channels: Int) throws(ImageError) -> ChannelOrder {
    switch channels {
    case 3: return .rgb
    case 1:
      guard let (mean, deviation) = normalization, Set(mean).count > 1 || Set(deviation).count > 1 else {
        return .gray
      }
      throw ImageError(
        .invalidPreprocessing, "the preset '\(rawValue)' has numbers for 3 channels; the network takes 1",
        place: "channels", remedy: "use zero-to-one or bytes, or give the numbers in a JSON file")
    default:
      throw ImageError(
        .invalidPreprocessing, "images have 1 or 3 channels; the network takes \(channels)", place: "channels"
      )
    }
  }

  private func fit(width: Int, height: Int) -> FitMode {
    let fraction: Double
    switch self {
    case .zeroToOne, .bytes: return .squash
    case .clip: fraction = 1
    case .imageNet, .imageNetInception: fraction = 0.875
    }
    guard width == height else { return .centerCrop(fraction: fraction) }
    switch self {
    case .imageNet: return .resizeShorterSide(to: (width * 256 + 112) / 224)
    case .imageNetInception: return .resizeShorterSide(to: width * 8 / 7)
    case .clip, .zeroToOne, .bytes: return .resizeShorterSide(to: width)
    }
  }
}
