public import VisionImage

/// What is true of a sample.
///
/// What lies somewhere in an image goes with the image: where that is turned, scaled or cut off, so is the annotation.
public protocol Annotation: Sendable {
  /// The annotation in the network's input, for an image that was brought there as `geometry` says.
  func placed(by geometry: InputGeometry) -> Self
}

extension Annotation {
  /// The annotation as it is, since it says nothing of places.
  public func placed(by geometry: InputGeometry) -> Self { self }
}
