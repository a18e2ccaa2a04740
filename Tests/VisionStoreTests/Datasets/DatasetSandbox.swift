import Foundation
import VisionCompute
import VisionSystem

@testable import VisionStore

/// Small sets of data in a world of one's own: a folder, a fake pip and a fake apt.
final class DatasetSandbox: Sendable {
  let files: StoreSandbox
  let store: DatasetStore
  var root: String { files.root }
  var fetcher: ScriptedFetcher { files.fetcher }

  /// Images of 2 × 2: three to train on, two to test; class 1 is `b`.
  static let arrays: [(name: String, bytes: [UInt8])] = [
    ("train-images.gz", TestArchive.gzip(TestArchive.array([3, 2, 2], Array(0..<12)))),
    ("train-labels.gz", TestArchive.gzip(TestArchive.array([3], [1, 0, 1]))),
    ("test-images.gz", TestArchive.gzip(TestArchive.array([2, 2, 2], Array(100..<108)))),
    ("test-labels.gz", TestArchive.gzip(TestArchive.array([2], [0, 1]))),
  ]
  static let tableBytes = Array("a,b\n1,2\n".utf8)
  static let wheel = TestArchive.zip([("table_package/table.csv", tableBytes)])

  static let images = dataset(
    "images", .debian(package: "image-package", version: "1"),
    arrays.map {
      .init(path: "usr/share/images/\($0.name)", sha256: ContentHash(of: $0.bytes).hexadecimal)
    },
    [.init(name: "train", count: 3), .init(name: "test", count: 2)], .arrays)
  static let table = dataset(
    "table", .python(package: "tiny-model", version: "1.0"),
    [.init(path: "table_package/table.csv", sha256: ContentHash(of: tableBytes).hexadecimal)],
    [.init(name: "table", count: 1)],
    .table(titles: nil))
  static let shapes = dataset(
    "shapes", .generated(seed: 1), [], [.init(name: "train", count: 12), .init(name: "val", count: 6)],
    .shapes,
    classes: ShapePainter.classes)

  static func dataset(
    _ name: String, _ source: PublicDataset.Source, _ files: [PublicDataset.File],
    _ splits: [PublicDataset.Split], _ form: PublicDataset.Form, classes: [String] = ["a", "b"]
  ) -> PublicDataset {
    PublicDataset(
      name: name, title: "for tests", source: source, files: files, license: "CC0-1.0", credit: "nobody",
      classes: classes, splits: splits, element: "small", downloadMegabytes: 0.001, form: form)
  }

  init(
    _ datasets: [PublicDataset] = [images, table, shapes], freeBytes: Int? = nil, threads: Int = 2
  ) throws {
    files = try StoreSandbox()
    for (name, bytes) in Self.arrays { try files.write(bytes, "mirror/\(name)") }
    files.fetcher.set(ScriptedFetcher.delivering(Self.wheel))
    store = DatasetStore(
      manifest: DatasetManifest(datasets), pip: files.fetcher,
      apt: AptFetcher(environment: ["PATH": "\(files.root)/bin:/usr/bin:/bin", "WORLD": files.root]),
      executor: Executor(threads: threads), system: "\(files.root)/system"
    ) { _ in freeBytes }
    try apt()
  }

  /// An apt-get that brings a package, and a dpkg-deb that unpacks the images, or what scripts say instead.
  func apt(
    get: String = "echo \"$@\" >> \"$WORLD/calls\"; echo deb > image-package_1_all.deb",
    unpack: String = "mkdir -p \"$3/usr/share/images\" && cp \"$WORLD\"/mirror/* \"$3/usr/share/images\""
  ) throws {
    try files.script(get, "bin/apt-get")
    try files.script(unpack, "bin/dpkg-deb")
  }

  /// Everything below a folder, hidden files too, but no folders.
  func tree(_ folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.allObjects as? [String] ?? []).filter {
      !CacheFolder.isFolder("\(root)/\(folder)/\($0)")
    }.sorted()
  }

  /// How often apt-get has been asked.
  var aptCalls: [String] {
    let text = try? String(contentsOfFile: "\(root)/calls", encoding: .utf8)
    return text?.split(separator: "\n").map(String.init) ?? []
  }
}
