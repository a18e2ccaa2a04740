import VisionReport

/// The section of a report on how the figures were obtained: settings, machine, time.
struct RunSection {
  let content: TrainingReportContent

  var section: ReportSection? {
    var rows = content.configuration.map { row($0.name, "<code>\(Markup.escaped($0.value))</code>") }
    if !content.hardware.isEmpty { rows.append(row("hardware", Markup.escaped(content.hardware))) }
    if let seconds = content.seconds { rows.append(row("time", Numeral.duration(seconds))) }
    guard !rows.isEmpty else { return nil }
    return ReportSection(
      id: "run", title: "Configuration",
      reading: isTraining
        ? "With the same settings and images the same model comes out again."
        : "What was measured, and on what machine.",
      body: ReportSection.table(["setting", "value"], rows, texts: 2, style: "plain"))
  }

  private var isTraining: Bool { !content.epochs.isEmpty || !content.settings.tried.isEmpty }

  private func row(_ name: String, _ value: String) -> String {
    "<td>\(Markup.escaped(name))</td><td class=\"path\">\(value)</td>"
  }
}
