/// Where the middle begins that is cut out of an axis, when the pixels to be left out are odd in number.
public enum CropRounding: String, Sendable, Hashable, CaseIterable, Codable {
  /// Half of them rounded half to even, as Python's `round`: torchvision's `CenterCrop`.
  case halfToEven
  /// Half of them rounded down: Caffe, and the image processors of transformers.
  case down

  /// The pixels left out before the middle, when `count` ≥ 0 are left out in all.
  func half(of count: Int) -> Int {
    switch self {
    case .halfToEven: count % 4 == 3 ? count / 2 + 1 : count / 2
    case .down: count / 2
    }
  }
}
