import VisionSystem

/// How pixels are weighted when an image is resized; names and kernels are Pillow's.
///
/// When an image is reduced, the kernels of `box`, `bilinear`, `bicubic` and `lanczos` are widened by the factor, so
/// that no pixel is skipped (antialiasing).
public enum ResamplingFilter: String, Sendable, Hashable, CaseIterable, Codable {
  /// The input pixel at the center of the output pixel.
  case nearest
  /// The mean of the covered input pixels.
  case box
  /// A triangle two pixels wide.
  case bilinear
  /// Keys's cubic kernel with a = -1/2, four pixels wide.
  case bicubic
  /// A sinc windowed by a sinc, six pixels wide.
  case lanczos
  /// Between the two nearest pixels of each axis, however much the image shrinks, where positions are counted from the
  /// first pixel: TensorFlow 1's `resize_bilinear`. Inputs of networks are not rounded to bytes.
  case bilinearCorner = "bilinear-corner"
  /// Between the two nearest pixels of each axis, however much the image shrinks: OpenCV's `INTER_LINEAR`, and PyTorch's
  /// `interpolate` without `antialias`.
  case bilinearCenter = "bilinear-center"

  /// Half the width of the kernel in source pixels; 0 for `nearest`.
  var support: Double {
    switch self {
    case .nearest: 0
    case .box: 0.5
    case .bilinear, .bilinearCorner, .bilinearCenter: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The kernel at a distance of `x` pixels.
  func weight(_ x: Double) -> Double {
    switch self {
    case .nearest: return 0
    case .box: return x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear, .bilinearCorner, .bilinearCenter: return max(0, 1 - abs(x))
    case .bicubic:
      let (d, a) = (abs(x), -0.5)
      if d < 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
      if d < 2 { return (((d - 5) * d + 8) * d - 4) * a }
      return 0
    case .lanczos: return x >= -3 && x < 3 ? Self.sinc(x) * Self.sinc(x / 3) : 0
    }
  }

  private static func sinc(_ x: Double) -> Double {
    if x == 0 { return 1 }
    let angle = x * .pi
    return sin(angle) / angle
  }
}
