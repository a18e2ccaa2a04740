import VisionReport

/// The section of a detector's report on how the figures were obtained: settings, machine, time.
struct DetectionRunSection {
  let report: DetectionReport

  var section: ReportSection? {
    let run = report.run
    var rows = run.configuration.map { row($0.name, "<code>\(Markup.escaped($0.value))</code>") }
    if !run.hardware.isEmpty { rows.append(row("hardware", Markup.escaped(run.hardware))) }
    if let seconds = run.seconds { rows.append(row("time", Numeral.duration(seconds))) }
    guard !rows.isEmpty else { return nil }
    return ReportSection(
      id: "run", title: "Configuration",
      reading: report.epochs.isEmpty
        ? "What was measured, and on what machine."
        : "With the same settings and images the same model comes out again.",
      body: ReportSection.table(["setting", "value"], rows, texts: 2, style: "plain"))
  }

  private func row(_ name: String, _ value: String) -> String {
    "<td>\(Markup.escaped(name))</td><td class=\"path\">\(value)</td>"
  }
}
