/// A page of a report as one self-contained HTML file: it includes styles, drawings and images, and loads nothing over
/// the network.
package struct ReportPage {
  /// As plain text.
  let title: String
  /// What stands above the sections, as HTML.
  let headline: String
  let sections: [ReportSection]
  /// As HTML.
  let footer: String

  package init(title: String, headline: String, sections: [ReportSection], footer: String) {
    (self.title, self.headline, self.sections, self.footer) = (title, headline, sections, footer)
  }

  package var html: String {
    let links = sections.map { "<a href=\"#\($0.id)\">\(Markup.escaped($0.title))</a>" }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <title>\(Markup.escaped(title)) – VisionNet</title>
      <style>
      \(ReportStyle.sheet)
      \(LineChart.style)
      </style>
      </head>
      <body>
      \(headline)<nav aria-label="Sections">\(links.joined())</nav>
      <main>
      \(sections.map(\.html).joined())</main>
      <footer>\(footer)</footer>
      </body>
      </html>

      """
  }
}
