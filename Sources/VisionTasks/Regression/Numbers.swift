public import VisionData

/// The true numbers of a sample, in the order of the predicted columns.
public struct Numbers: Annotation, Hashable {
  public var values: [Double]

  public init(_ values: [Double]) { self.values = values }
}
