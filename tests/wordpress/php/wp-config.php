<?php
// What stands in place of Debian's own configuration, which looks in /etc.
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('TEST_WORDPRESS_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', getenv('TEST_WORDPRESS_HOME'));
define('WP_SITEURL', WP_HOME);
define('WP_ENVIRONMENT_TYPE', 'local');  // application passwords without TLS
define('WP_HTTP_BLOCK_EXTERNAL', true);  // no look at wordpress.org
define('DISABLE_WP_CRON', true);         // no request to itself
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DISABLE_FATAL_ERROR_HANDLER', true);  // what goes wrong goes to the log as it is
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', 'of a test');
    define($name . '_SALT', 'of a test');
}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
