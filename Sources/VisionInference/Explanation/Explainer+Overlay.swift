public import VisionImage

extension Explainer {
  /// An image with the evidence for a class painted in; nil when it cannot be computed, so that a report goes without.
  public func overlay(on image: Image, class index: Int) -> Image? {
    try? heatMap(of: image, class: index, threads: 1).overlay(on: image)
  }
}
