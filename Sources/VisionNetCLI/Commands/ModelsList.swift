import VisionStore
import ArgumentParser
import VisionNet
import VisionSystem

/// `visionnet models list`.
struct ModelsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the pretrained models and whether they are on this machine.")

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @Flag(help: "Check the complete content of every file.")
  var verify = false

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    let models = try PretrainedStore.standard().list(verifying: verify)
    let output = try Output()
    try output.writeLine(
      format == .json ? JSON.array(models.map(Self.json)).indented : Self.table(models, width: output.width))
  }

  private static func json(_ status: PretrainedStatus) -> JSON {
    let model = status.model
    return [
      "schema": JSON.schema, "name": .string(model.name), "state": .string(status.state.rawValue),
      "path": .string(status.path),
      "bytes": .integer(status.byteCount), "parameters": .integer(model.parameterCount),
      "task": .string(model.task),
      "width": model.inputSize.map { .integer($0.width) } ?? .null,
      "height": model.inputSize.map { .integer($0.height) } ?? .null,
      "classes": .integer(model.labels.names.count), "top1": model.top1.map { .number($0) } ?? .null,
      "mAP": model.mAP.map { .number($0) } ?? .null,
      "license": .string(model.license), "package": .string(model.package), "version": .string(model.version),
      "downloadMegabytes": .number(model.downloadMegabytes),
    ]
  }

  private static func table(_ models: [PretrainedStatus], width: Int?) -> String {
    var rows = [["name", "task", "state", "input", "classes", "accuracy", "license", "download"]]
    for status in models {
      let model = status.model
      rows.append([
        model.name, model.task, status.state.rawValue,
        model.inputSize.map { "\($0.width) × \($0.height)" } ?? "",
        "\(model.labels.names.count)", accuracy(model),
        model.license, "\(model.downloadMegabytes) MB",
      ])
    }
    return TextTable.text(rows, numbers: [4, 7], width: width)
  }

  private static func accuracy(_ model: PretrainedModel) -> String {
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    return model.top1.map { "top-1 \(percent($0))" } ?? model.mAP.map { "mAP50-95 \(percent($0))" } ?? ""
  }
}
