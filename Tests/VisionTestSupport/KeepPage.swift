import Foundation

/// Leaves a page in the folder that `VISIONNET_REPORTS` names, for people to look at.
public func keepPage(_ text: String, as name: String) throws {
  guard let folder = ProcessInfo.processInfo.environment["VISIONNET_REPORTS"] else { return }
  try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
}
