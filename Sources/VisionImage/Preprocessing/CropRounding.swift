/// Where a center crop begins on an axis when an odd number of pixels is removed.
public enum CropRounding: String, Sendable, Hashable, CaseIterable, Codable {
  /// Half of the number, rounded half to even like Python's `round`; used by torchvision's `CenterCrop`.
  case halfToEven
  /// Half of the number, rounded down; used by Caffe and the image processors of transformers.
  case down

  /// The number of pixels removed before the crop when `count` ≥ 0 pixels are removed in total.
  func half(of count: Int) -> Int {
    switch self {
    case .halfToEven: count % 4 == 3 ? count / 2 + 1 : count / 2
    case .down: count / 2
    }
  }
}
