public import ArgumentParser
import VisionModel

/// The names of the heads of detectors, for help and messages.
enum DetectorHeadNames {
  static let all = DetectorKind.allCases.map(\.rawValue).joined(separator: ", ")
}

extension DetectorKind: ExpressibleByArgument {}
