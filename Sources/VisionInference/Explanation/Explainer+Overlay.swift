public import VisionImage

extension Explainer {
  /// An image with the evidence for class `index` painted over it; nil when it cannot be computed, so that a
  /// report omits it.
  public func overlay(on image: Image, class index: Int) -> Image? {
    try? heatMap(of: image, class: index, threads: 1).overlay(on: image)
  }
}
