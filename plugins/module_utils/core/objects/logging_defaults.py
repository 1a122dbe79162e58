# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Log configuration for a cluster whose resource says nothing of it: everything to the console."""

from __future__ import annotations

LOG_FILES = ("logback-console.xml", "log4j-console.properties")
"""In the order in which they are mounted."""

# Libraries that tell much and say little; warnings of theirs still show.
_QUIET = ("org.apache.kafka", "org.apache.hadoop", "org.apache.zookeeper", "org.apache.pekko")
# Netty warns of each client that hangs up.
_ERRORS_ONLY = "org.jboss.netty.channel.DefaultChannelPipeline"

LOG4J = "\n".join(
    [
        "# Reread while the process runs, so that a changed level takes effect without a restart.",
        "monitorInterval = 30",
        "",
        "rootLogger.level = INFO",
        "rootLogger.appenderRef.console.ref = Console",
        "",
        "appender.console.type = CONSOLE",
        "appender.console.name = Console",
        "appender.console.layout.type = PatternLayout",
        "appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-50c [%t] - %m%n",
        "",
        *(
            line
            for package in _QUIET
            for line in (
                f"logger.{package.rpartition('.')[2]}.name = {package}",
                f"logger.{package.rpartition('.')[2]}.level = WARN",
            )
        ),
        f"logger.pipeline.name = {_ERRORS_ONLY}",
        "logger.pipeline.level = ERROR",
        "",
    ]
)

LOGBACK = "\n".join(
    [
        '<configuration scan="true" scanPeriod="30 seconds">',
        '  <appender name="Console" class="ch.qos.logback.core.ConsoleAppender">',
        "    <encoder>",
        "      <pattern>%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger [%thread] - %msg%n</pattern>",
        "    </encoder>",
        "  </appender>",
        *(f'  <logger name="{package}" level="WARN"/>' for package in _QUIET),
        f'  <logger name="{_ERRORS_ONLY}" level="ERROR"/>',
        '  <root level="INFO"><appender-ref ref="Console"/></root>',
        "</configuration>",
        "",
    ]
)
