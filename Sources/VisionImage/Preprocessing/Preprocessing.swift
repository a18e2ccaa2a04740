import VisionSystem
import VisionTensor

/// How an image becomes the input of a network: fitted to its size, with ordered channels and normalized
/// numbers.
///
/// The value of a channel is (pixel · scale − mean) / deviation with pixels in 0...255. A model file contains
/// its preprocessing as JSON.
public struct Preprocessing: Sendable, Hashable {
  /// W, pixels in a row of the input, 1...8192.
  public let width: Int
  /// H, rows of the input, 1...8192.
  public let height: Int
  /// The resolution at which images are decoded.
  public let decoding: ImageDecoding
  /// The 16-bit samples that are black and white; nil for the whole range, or as the file specifies.
  public let levels: SampleLevels?
  /// How the image is fitted to the input's size.
  public let fit: FitMode
  /// How pixels are weighted when the image is resized.
  public let filter: ResamplingFilter
  /// The channels of the input.
  public let channels: ChannelOrder
  /// The factor of each channel, in the order of `channels`.
  public let scale: [Double]
  /// The number subtracted from each channel after scaling.
  public let mean: [Double]
  /// The divisor of each channel after the subtraction; never zero.
  public let deviation: [Double]

  /// The sides that an input can have.
  public static let sides = 1...8192

  /// A preprocessing with the given values.
  ///
  /// Throws `invalidPreprocessing`, with the key as place, for sides outside 1...8192, a fraction outside (0,
  /// 1], an intermediate size smaller than the target, arrays without one number per channel, numbers that
  /// are not finite, and a deviation of zero.
  public init(
    width: Int, height: Int, fit: FitMode, filter: ResamplingFilter = .bilinear,
    channels: ChannelOrder = .rgb, scale: [Double]? = nil, mean: [Double]? = nil,
    deviation: [Double]? = nil, decoding: ImageDecoding = .full, levels: SampleLevels? = nil
  ) throws(ImageError) {
    self.init(
      unchecked: (), width: width, height: height, fit: fit, filter: filter, channels: channels,
      scale: scale ?? [Double](repeating: 1, count: channels.count),
      mean: mean ?? [Double](repeating: 0, count: channels.count),
      deviation: deviation ?? [Double](repeating: 1, count: channels.count), decoding: decoding,
      levels: levels)
    try check()
  }

  /// The same with another decoding.
  public func decoding(_ decoding: ImageDecoding) -> Preprocessing {
    Preprocessing(
      unchecked: (), width: width, height: height, fit: fit, filter: filter, channels: channels, scale: scale,
      mean: mean, deviation: deviation, decoding: decoding, levels: levels)
  }

  /// The same with other levels.
  public func levels(_ levels: SampleLevels?) -> Preprocessing {
    Preprocessing(
      unchecked: (), width: width, height: height, fit: fit, filter: filter, channels: channels, scale: scale,
      mean: mean, deviation: deviation, decoding: decoding, levels: levels)
  }

  /// The same with unscaled pixels, 0...255, for networks that take bytes.
  package var unscaled: Preprocessing {
    let (zeros, ones) = (
      [Double](repeating: 0, count: channels.count), [Double](repeating: 1, count: channels.count)
    )
    return Preprocessing(
      unchecked: (), width: width, height: height, fit: fit, filter: filter, channels: channels, scale: ones,
      mean: zeros, deviation: ones, decoding: decoding, levels: levels)
  }

  private init(
    unchecked: Void, width: Int, height: Int, fit: FitMode, filter: ResamplingFilter, channels: ChannelOrder,
    scale: [Double], mean: [Double], deviation: [Double], decoding: ImageDecoding = .full,
    levels: SampleLevels? = nil
  ) {
    (self.width, self.height, self.fit, self.filter) = (width, height, fit, filter)
    (self.channels, self.scale, self.mean, self.deviation) = (channels, scale, mean, deviation)
    self.decoding = decoding
    self.levels = levels
  }

  private func check() throws(ImageError) {
    func refuse(_ key: String, _ message: String) -> ImageError {
      ImageError(.invalidPreprocessing, message, place: key)
    }
    for (key, side) in [("width", width), ("height", height)] where !Self.sides.contains(side) {
      throw refuse(key, "\(side) is not between 1 and \(Self.sides.upperBound)")
    }
    switch fit {
    case .centerCrop(let fraction):
      guard fraction > 0, fraction <= 1 else {
        throw refuse("fit.fraction", "\(fraction) is not above 0 and at most 1")
      }
    case .resizeShorterSide(let side, _):
      guard Self.sides.contains(side), side >= max(width, height) else {
        throw refuse("fit.side", "\(side) is less than the \(width)×\(height) to cut out, or above 8192")
      }
    case .resizeBoth(let w, let h, _):
      guard Self.sides.contains(w), w >= width else {
        throw refuse("fit.width", "\(w) is less than the width \(width) to cut out, or above 8192")
      }
      guard Self.sides.contains(h), h >= height else {
        throw refuse("fit.height", "\(h) is less than the height \(height) to cut out, or above 8192")
      }
    case .squash, .letterbox: break
    }
    for (key, values) in [("scale", scale), ("mean", mean), ("deviation", deviation)] {
      guard values.count == channels.count else {
        throw refuse(key, "\(values.count) numbers for \(channels.count) channels")
      }
      for value in values where !value.isFinite { throw refuse(key, "\(value) is not a finite number") }
    }
    for value in deviation where value == 0 { throw refuse("deviation", "a deviation of 0 divides by zero") }
  }
}

extension Preprocessing {
  /// ImageNet as in torchvision: the shorter side resized to 256/224 of `size`, bilinear, center crop, RGB in
  /// 0...1 minus (0.485, 0.456, 0.406), divided by (0.229, 0.224, 0.225).
  ///
  /// Precondition: `size` is in 1...7168.
  public static func imageNet(_ size: Int) -> Preprocessing {
    precondition((1...7168).contains(size), "an input of \(size) pixels")
    return Preprocessing(
      unchecked: (), width: size, height: size, fit: .resizeShorterSide(to: (size * 256 + 112) / 224),
      filter: .bilinear, channels: .rgb, scale: [1.0 / 255, 1.0 / 255, 1.0 / 255],
      mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
  }

  /// EfficientNet-Lite as in its training: center crop of S / (S + 32), bicubic, (pixel − 127) / 128, RGB.
  ///
  /// Precondition: `size` is in 1...8192.
  public static func efficientNetLite(_ size: Int) -> Preprocessing {
    precondition(sides.contains(size), "an input of \(size) pixels")
    return Preprocessing(
      unchecked: (), width: size, height: size, fit: .centerCrop(fraction: Double(size) / Double(size + 32)),
      filter: .bicubic, channels: .rgb, scale: [1, 1, 1], mean: [127, 127, 127], deviation: [128, 128, 128])
  }

  /// SqueezeNet's Caffe model: both sides resized to 256, center crop of 227 × 227, BGR minus (104, 117,
  /// 123).
  public static let squeezeNetCaffe = Preprocessing(
    unchecked: (), width: 227, height: 227, fit: .resizeBoth(width: 256, height: 256), filter: .bilinear,
    channels: .bgr, scale: [1, 1, 1], mean: [104, 117, 123], deviation: [1, 1, 1])

  /// For small datasets: the whole image squashed to `size` × `size`, RGB in 0...1.
  ///
  /// Precondition: `size` is in 1...8192.
  public static func squashed(_ size: Int) -> Preprocessing {
    precondition(sides.contains(size), "an input of \(size) pixels")
    return Preprocessing(
      unchecked: (), width: size, height: size, fit: .squash, filter: .bilinear, channels: .rgb,
      scale: [1.0 / 255, 1.0 / 255, 1.0 / 255], mean: [0, 0, 0], deviation: [1, 1, 1])
  }

  /// For networks of faces' expressions such as Keras's: the whole image squashed to `size` × `size`, gray in −1...1.
  ///
  /// Precondition: `size` is in 1...8192.
  package static func signedGray(_ size: Int) -> Preprocessing {
    precondition(sides.contains(size), "an input of \(size) pixels")
    return Preprocessing(
      unchecked: (), width: size, height: size, fit: .squash, filter: .bilinear, channels: .gray,
      scale: [1.0 / 127.5], mean: [1], deviation: [1])
  }
}
