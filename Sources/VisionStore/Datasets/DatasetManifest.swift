import VisionSystem

/// The datasets that can be requested by name.
public struct DatasetManifest: Sendable, Hashable {
  /// The datasets in listing order; their names are unique.
  public let datasets: [PublicDataset]

  init(_ datasets: [PublicDataset]) { self.datasets = datasets }

  /// The dataset with that name.
  ///
  /// - Throws: `unknownDataset` with the most similar names.
  public func dataset(named name: String) throws(StoreError) -> PublicDataset {
    if let dataset = datasets.first(where: { $0.name == name }) { return dataset }
    let names = datasets.map(\.name)
    let near = NearestNames.of(name, in: names)
    let known = "known: \(names.joined(separator: ", "))"
    throw StoreError(
      .unknownDataset, "there is no dataset '\(NearestNames.printable(name))'",
      remedy: near.isEmpty ? known : "did you mean \(near[0])?")
  }
}
