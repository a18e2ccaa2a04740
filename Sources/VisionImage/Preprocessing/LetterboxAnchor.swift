/// Where a letterboxed image lies in the target.
public enum LetterboxAnchor: String, Sendable, Hashable, CaseIterable, Codable {
  /// In the middle; of an odd number of pixels to fill, half before the image, rounded half to even, as in
  /// Pillow's `ImageOps.pad`.
  case center
  /// In the middle; of an odd number of pixels to fill, the smaller part lies before the image, as in YOLO.
  case centerDown = "center-down"
  /// In the upper left corner.
  case topLeft = "top-left"

  /// The number of pixels before the image when `count` ≥ 0 pixels are filled on an axis.
  func before(_ count: Int) -> Int {
    switch self {
    case .center: CropRounding.halfToEven.half(of: count)
    case .centerDown: count / 2
    case .topLeft: 0
    }
  }
}
