import VisionSystem

/// The sets of data that can be asked for by name.
public struct DatasetManifest: Sendable, Hashable {
  /// In the order in which they are listed; no two have the same name.
  public let datasets: [PublicDataset]

  init(_ datasets: [PublicDataset]) { self.datasets = datasets }

  /// The set of that name.
  ///
  /// - Throws: `unknownDataset` with the names that are most like it.
  public func dataset(named name: String) throws(StoreError) -> PublicDataset {
    if let dataset = datasets.first(where: { $0.name == name }) { return dataset }
    let names = datasets.map(\.name)
    let near = NearestNames.of(name, in: names)
    let known = "known: \(names.joined(separator: ", "))"
    throw StoreError(
      .unknownDataset, "there is no dataset '\(NearestNames.printable(name))'",
      remedy: near.isEmpty ? known : "did you mean \(near.joined(separator: " or "))? \(known)")
  }
}
