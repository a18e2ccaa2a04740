import VisionStore
import ArgumentParser
import VisionNet
import VisionSystem

/// `visionnet datasets list`.
struct DatasetsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the datasets that can be pulled.")

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    let datasets = DatasetManifest.builtIn.datasets
    let output = try Output()
    try output.writeLine(
      format == .json
        ? JSON.array(datasets.map(Self.json)).indented : Self.table(datasets, width: output.width))
  }

  private static func json(_ dataset: PublicDataset) -> JSON {
    [
      "schema": JSON.schema, "name": .string(dataset.name), "title": .string(dataset.title),
      "source": json(dataset.source),
      "files": .array(dataset.files.map { ["path": .string($0.path), "sha256": .string($0.sha256)] }),
      "license": .string(dataset.license), "credit": .string(dataset.credit),
      "kind": dataset.isTable ? "table" : "images", "element": .string(dataset.element),
      "classes": .array(dataset.classes.map { .string($0) }),
      "counts": .object(dataset.splits.map { ($0.name, .integer($0.count)) }),
      "downloadMegabytes": .number(dataset.downloadMegabytes),
    ]
  }

  private static func json(_ source: PublicDataset.Source) -> JSON {
    switch source {
    case .generated(let seed): ["kind": "generated", "seed": .integer(Int(clamping: seed))]
    case .debian(let package, let version):
      ["kind": "debian", "package": .string(package), "version": .string(version)]
    case .python(let package, let version):
      ["kind": "python", "package": .string(package), "version": .string(version)]
    }
  }

  private static func table(_ datasets: [PublicDataset], width: Int?) -> String {
    var rows = [["name", "what", "each", "counts", "license", "from", "download"]]
    for dataset in datasets {
      let counts =
        dataset.isTable
        ? "\(dataset.count) rows" : dataset.splits.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
      let (source, download) =
        switch dataset.source {
        case .generated: ("drawn here", "none")
        case .debian(let package, _): ("apt: \(package)", "\(dataset.downloadMegabytes) MB")
        case .python(let package, _): ("pip: \(package)", "\(dataset.downloadMegabytes) MB")
        }
      rows.append([
        dataset.name, dataset.title, dataset.element, counts, dataset.license, source, download,
      ])
    }
    return TextTable.text(rows, width: width)
  }
}
