import VisionSystem
import VisionTensor

/// How a fit mode maps pixels: the part of the image, its resized size, and its place in the target.
struct Placement: Hashable {
  /// The part that is resized as if it were the whole image.
  var crop: (x: Int, y: Int, width: Int, height: Int)
  /// The pixels of the resized part to compute.
  var target: Resizer.Target
  /// The position of the result in the network's image.
  var x = 0
  var y = 0

  static func == (a: Placement, b: Placement) -> Bool {
    a.crop == b.crop && a.target == b.target && a.x == b.x && a.y == b.y
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(crop.x)
    hasher.combine(crop.y)
    hasher.combine(target)
  }
}

extension Preprocessing {
  func placement(width w: Int, height h: Int) -> Placement {
    switch fit {
    case .squash:
      return Placement(crop: (0, 0, w, h), target: .init(width: width, height: height))
    case .centerCrop(let fraction):
      let (cw, ch) = Self.cropSize(w, h, width, height, fraction)
      return Placement(
        crop: ((w - cw + 1) / 2, (h - ch + 1) / 2, cw, ch), target: .init(width: width, height: height))
    case .resizeShorterSide(let side, let rounding):
      let (rw, rh) = w <= h ? (side, max(side, side * h / w)) : (max(side, side * w / h), side)
      return Placement(crop: (0, 0, w, h), target: middle(of: rw, rh, rounding))
    case .resizeBoth(let rw, let rh, let rounding):
      return Placement(crop: (0, 0, w, h), target: middle(of: rw, rh, rounding))
    case .letterbox(_, let anchor, let enlarges):
      if !enlarges, w <= width, h <= height {
        return Placement(
          crop: (0, 0, w, h), target: .init(width: w, height: h), x: anchor.before(width - w),
          y: anchor.before(height - h))
      }
      // Like Pillow's ImageOps.contain: ratios are compared, and the other side is rounded half to even.
      let (ratio, targetRatio) = (Double(w) / Double(h), Double(width) / Double(height))
      var (rw, rh) = (width, height)
      if ratio > targetRatio {
        rh = Self.rounded(Double(h) / Double(w) * Double(width), to: 1...height)
      } else if ratio < targetRatio {
        rw = Self.rounded(Double(w) / Double(h) * Double(height), to: 1...width)
      }
      return Placement(
        crop: (0, 0, w, h), target: .init(width: rw, height: rh),
        x: anchor.before(width - rw), y: anchor.before(height - rh))
    }
  }

  /// The sides of the largest part with the target's aspect ratio, times the fraction; exact for squares.
  private static func cropSize(_ w: Int, _ h: Int, _ width: Int, _ height: Int, _ fraction: Double) -> (
    Int, Int
  ) {
    if w * height <= h * width {
      let side = fraction * Double(w)
      return (
        max(1, Int(saturating: side)),
        min(h, max(1, Int(saturating: side * (Double(height) / Double(width)))))
      )
    }
    let side = fraction * Double(h)
    return (
      min(w, max(1, Int(saturating: side * (Double(width) / Double(height))))), max(1, Int(saturating: side))
    )
  }

  /// The center of an image resized to rw × rh.
  private func middle(of rw: Int, _ rh: Int, _ rounding: CropRounding) -> Resizer.Target {
    let (x, y) = (rounding.half(of: rw - width), rounding.half(of: rh - height))
    return .init(width: rw, height: rh, columns: x..<x + width, rows: y..<y + height)
  }

  private static func rounded(_ value: Double, to range: ClosedRange<Int>) -> Int {
    min(max(Int(saturating: value.rounded(.toNearestOrEven)), range.lowerBound), range.upperBound)
  }
}
