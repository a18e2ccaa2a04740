import ArgumentParser

/// `visionnet datasets`: public datasets to train on.
struct Datasets: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets",
    abstract: "List sets of data and bring them onto this machine.",
    discussion: "Packages are fetched by the machine's own pip and apt; nothing is installed.",
    subcommands: [DatasetsList.self, DatasetsPull.self], defaultSubcommand: DatasetsList.self)
}
