/// The model of commands whose first argument it is, given by `-m` as for those that look at images.
enum ModelArgument {
  /// The commands that look at, measure or change a model.
  static let commands: Set<String> = ["evaluate", "quantize", "inspect", "run", "bench", "export"]

  /// The arguments with the value of `-m` or `--model` as the first argument of the command.
  ///
  /// - Parameter arguments: those after the program's name.
  static func moved(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, commands.contains(command) else { return arguments }
    var rest = Array(arguments.dropFirst())
    let options = rest.prefix { $0 != "--" }
    guard let place = options.firstIndex(where: { $0 == "-m" || $0 == "--model" || $0.hasPrefix("--model=") })
    else { return arguments }
    let option = rest.remove(at: place)
    if let sign = option.firstIndex(of: "=") {
      return [command, String(option[option.index(after: sign)...])] + rest
    }
    // Without a value the flag stays, so that what is missing is named.
    guard place < rest.count, !rest[place].hasPrefix("-") else { return arguments }
    let model = rest.remove(at: place)
    return [command, model] + rest
  }
}
