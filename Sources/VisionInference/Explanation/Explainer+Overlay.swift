public import VisionImage

extension Explainer {
  /// A picture with the evidence for a class painted in; nil when it cannot be computed, so that a report goes without.
  public func overlay(on picture: Image, class index: Int) -> Image? {
    try? heatMap(of: picture, class: index, threads: 1).overlay(on: picture)
  }
}
