import ArgumentParser
import VisionSystem
import VisionTraining

/// What somebody means who names no subcommand, or one that does not exist.
enum SubcommandCheck {
  /// Throws for a first argument that should be a subcommand and is none.
  ///
  /// - Parameter arguments: those after the program's name.
  static func check(_ arguments: [String]) throws(CommandError) {
    var command: any ParsableCommand.Type = Visionnet.self
    var path = "visionnet"
    let isHelp = arguments.first == "help"
    for argument in isHelp ? arguments.dropFirst() : arguments[...] {
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty, !argument.hasPrefix("-") else { return }
      if argument == "help", !isHelp { return }
      guard let found = subcommands.first(where: { $0.configuration.commandName == argument }) else {
        throw unknown(argument, of: path, in: subcommands, isHelp: isHelp)
      }
      command = found
      path += " \(argument)"
    }
  }

  private static func unknown(
    _ argument: String, of path: String, in subcommands: [any ParsableCommand.Type], isHelp: Bool
  ) -> CommandError {
    let file = RawArguments.path(argument)
    if path == "visionnet", !isHelp, let remedy = remedy(for: file) {
      return CommandError(.usage, "a subcommand is missing", place: file.printable, remedy: remedy)
    }
    let near = NearestNames.of(argument, in: subcommands.compactMap { $0.configuration.commandName })
    return CommandError(
      .usage, "'\(path)' has no subcommand '\(NearestNames.printable(argument))'",
      remedy: near.isEmpty
        ? "'\(path) --help' lists them" : "did you mean '\(near[0])'?")
  }

  /// What can be done with a file or folder that stands where a subcommand should.
  private static func remedy(for file: FilePath) -> String? {
    let endings = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "avif"]
    let ending = file.printable.split(separator: ".").last?.lowercased() ?? ""
    let isImage = endings.contains(ending) && file.printable.contains(".")
    switch file.kind {
    case .directory: return "try: visionnet classify \(file.printable), or: visionnet train \(file.printable)"
    case .file where ending == "onnx": return "try: visionnet inspect \(file.printable)"
    default: return isImage ? "try: visionnet classify \(file.printable)" : nil
    }
  }
}
