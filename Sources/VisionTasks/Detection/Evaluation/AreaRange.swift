/// The sizes of objects that COCO tells apart, by their areas in square pixels. An area at a limit belongs to both sides.
public enum AreaRange: Int, Sendable, Hashable, CaseIterable {
  case all
  /// Up to 32².
  case small
  /// From 32² to 96².
  case medium
  /// From 96² on.
  case large

  /// The areas in the range. Even `all` ends at 10¹⁰, as in pycocotools.
  public var areas: ClosedRange<Double> {
    switch self {
    case .all: 0...1e10
    case .small: 0...1024
    case .medium: 1024...9216
    case .large: 9216...1e10
    }
  }
}
