public import VisionData

/// The numbers that are true of a sample, in the order of the columns that are predicted.
public struct Numbers: Annotation, Hashable {
  public var values: [Double]

  public init(_ values: [Double]) { self.values = values }
}
